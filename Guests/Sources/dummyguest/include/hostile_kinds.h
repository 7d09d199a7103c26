// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What dummyguest's `hostile(kind)` can do, one line each: KIND(number, name, what happens). Tests ask the guest for
// the table by `hostile_kind_count()`, `hostile_kind_name(kind)`. Numbers are never reused.
#ifndef HOSTILE_KINDS_H
#define HOSTILE_KINDS_H

#define HOSTILE_KINDS(KIND)                                                                                     \
    /* Replies: the mailbox and the message behind it */                                                        \
    KIND(0, garbage_reply, "READY with 256 pseudo-random bytes as the message")                                 \
    KIND(1, empty_reply, "READY without a message")                                                             \
    KIND(2, wrong_type, "a well-formed result of another type than asked for")                                  \
    KIND(3, unknown_type, "a result whose value has type 77")                                                   \
    KIND(4, huge_length, "message_byte_count is 2^63")                                                          \
    KIND(5, length_beyond_buffer, "message and header claim more bytes than the output buffer has")             \
    KIND(6, offset_beyond_buffer, "message_offset lies behind the output buffer")                               \
    KIND(7, offset_wraps, "message_offset + message_byte_count wraps around 2^64")                              \
    KIND(8, offset_in_mailbox, "message_offset is 0: the mailbox itself")                                       \
    KIND(9, offset_unaligned, "message_offset is 65")                                                           \
    KIND(10, value_beyond_message, "the value claims more bytes than its message has")                          \
    KIND(11, value_huge, "the value claims 2^32 - 1 bytes")                                                     \
    KIND(12, reply_is_call, "the reply is a call message")                                                      \
    KIND(13, future_sequence, "reply_sequence is one ahead")                                                    \
    KIND(14, stale_sequence, "reply_sequence is 0")                                                             \
    KIND(15, trailing_bytes, "16 bytes follow the value inside the message")                                    \
    KIND(16, error_not_utf8, "an error whose text is not UTF-8")                                                \
    KIND(17, error_text_long, "an error whose text is longer than the limit")                                   \
    KIND(18, error_text_number, "an error whose text is a number value")                                        \
    KIND(19, error_code_zero, "an error with code 0")                                                           \
    KIND(20, error_text_control, "an error whose text has terminal escapes, newlines and NULs")                 \
    KIND(21, abort_garbage, "ABORT with a garbage mailbox")                                                     \
    KIND(22, abort_empty, "ABORT without a message")                                                            \
    KIND(23, abort_result, "ABORT with a result message")                                                       \
    /* Host calls */                                                                                            \
    KIND(30, host_call_missing, "calls a host function that does not exist; returns its error")                 \
    KIND(31, host_call_wrong_parameters, "calls `multiply` with one string; returns its error")                 \
    KIND(32, host_call_garbage, "CALL_HOST with 256 pseudo-random bytes")                                       \
    KIND(33, host_call_empty, "CALL_HOST without a message")                                                    \
    KIND(34, host_call_result, "CALL_HOST with a result message")                                               \
    KIND(35, host_call_eleven, "a host call that claims 11 parameters")                                         \
    KIND(36, host_call_no_name, "a host call with an empty name")                                               \
    KIND(37, host_call_long_name, "a host call with a name of 257 bytes")                                       \
    KIND(38, host_call_not_utf8, "a host call whose name is not UTF-8")                                         \
    KIND(39, host_call_unknown_type, "a host call that asks for a result of type 77")                           \
    KIND(40, host_call_future_sequence, "a host call with a reply_sequence that is one ahead")                  \
    KIND(41, host_call_flood, "10,000 host calls of a missing function, then returns")                          \
    /* Telemetry */                                                                                             \
    KIND(50, used_beyond_region, "used says one byte more than the region has")                                 \
    KIND(51, used_huge, "used is 2^64 - 1")                                                                     \
    KIND(52, used_unaligned, "used is 13")                                                                      \
    KIND(53, record_zero, "a record of byte_count 0")                                                           \
    KIND(54, record_huge, "a record of byte_count 2^32 - 8")                                                    \
    KIND(55, record_unaligned, "a record of byte_count 29")                                                     \
    KIND(56, record_beyond_used, "a record that ends behind used")                                              \
    KIND(57, record_unknown, "records of kinds 0, 8 and 255 between good ones")                                 \
    KIND(58, record_garbage, "a region full of pseudo-random bytes")                                            \
    KIND(59, record_short, "records of every kind with nothing but a header")                                   \
    KIND(60, fields_huge, "an event that claims 2^32 - 1 fields")                                               \
    KIND(61, fields_unknown, "an event with a field of type 99")                                                \
    KIND(62, frames_huge, "an allocation that claims 2^32 - 1 frames")                                          \
    KIND(63, string_huge, "an event whose message claims 2^32 - 1 bytes")                                       \
    KIND(64, string_unknown_form, "a print whose string has form 9")                                            \
    KIND(65, string_wild, "image strings at 0, in the control page, heap, stack, above memory and wrapping")    \
    KIND(66, text_control, "log and print text with terminal escapes, newlines and NULs")                       \
    KIND(67, text_not_utf8, "log and print text that is not UTF-8")                                             \
    KIND(68, sequence_jumps, "record sequences that repeat, go back and leap to 2^64 - 1")                      \
    KIND(69, ticks_wild, "record ticks of 0 and 2^64 - 1")                                                      \
    KIND(70, spans_unlimited, "opens 100,000 spans, each inside the one before, and closes none")               \
    KIND(71, span_never_opened, "closes and edits spans that were never opened")                                \
    KIND(72, span_twice, "opens the same span id twice, closes it three times")                                 \
    KIND(73, span_cycle, "two spans that are each other's parent")                                              \
    KIND(74, level_unknown, "an event of level 200")                                                            \
    KIND(75, dropped_wild, "the header claims 2^64 - 1 dropped records")                                        \
    KIND(76, telemetry_flood, "fills the region with events 10,000 times, then returns")                        \
    KIND(77, print_flood, "prints 1,000,000 lines, then returns")                                               \
    KIND(78, drain_flood, "DRAIN 10,000 times with nothing to drain, then returns")                             \
    KIND(79, drain_endless, "DRAIN for ever")                                                                   \
    KIND(80, frees_unknown, "frees of addresses that were never allocated")                                     \
    /* The machine */                                                                                           \
    KIND(90, never_exits, "an endless loop")                                                                    \
    KIND(91, fault_without_stack, "rsp is 8, then an undefined instruction")                                    \
    KIND(92, push_without_stack, "rsp is 0, then a push")                                                       \
    KIND(93, stack_not_canonical, "rsp is not canonical, then a call")                                          \
    KIND(94, jump_nowhere, "a jump to a non-canonical address")                                                 \
    KIND(95, jump_to_zero, "a call of address 0")                                                               \
    KIND(96, port_exception, "rings the exception stubs' own port")                                             \
    KIND(97, port_wide, "a 4-byte out to READY")                                                                \
    KIND(98, port_in, "an in from READY")                                                                       \
    KIND(99, port_string, "rep outsb of 1,000 bytes to READY")                                                  \
    KIND(100, port_odd, "an out to the port between READY and CALL_HOST")                                       \
    KIND(101, port_values, "DRAIN with every value of al, then returns")                                        \
    KIND(102, single_step, "sets the trap flag")                                                                \
    KIND(103, flags_wild, "sets the direction, alignment-check and ID flags and returns")                       \
    KIND(104, unmasked_float, "unmasks SSE exceptions and divides by zero")                                     \
    KIND(105, privileged, "mov to cr3")                                                                         \
    KIND(106, model_register, "rdmsr")                                                                          \
    KIND(107, interrupt_flag, "cli")                                                                            \
    KIND(108, syscall, "syscall")                                                                               \
    KIND(109, software_interrupt, "int $0x80")                                                                  \
    KIND(110, hypervisor_call, "vmcall")                                                                        \
    KIND(111, segment_load, "loads a ring-0 selector into ds")                                                  \
    KIND(112, page_tables, "reads the first 2 MiB, where the machine keeps its tables")                         \
    KIND(113, fault_again, "sets rsp into read-only memory and faults")                                         \
    KIND(114, registers_wild, "DRAIN with every register but rsp full of ones, then returns")

#endif
