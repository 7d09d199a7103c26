// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The runtime below the guest SDKs: what the Swift SDK and the tests use, not a guest's author.
#ifndef VITRINE_GUEST_RUNTIME_H
#define VITRINE_GUEST_RUNTIME_H

#include "vitrine_guest.h"

// MARK: - Life (start.c, serve.c)

// Prepares the runtime for the machine that the control page describes. Touches no heap, buffer or telemetry page.
void vitrine_runtime_attach(const vitrine_control *control);

// Tells the host that the guest is ready, then serves calls for ever.
_Noreturn void vitrine_runtime_run(void);

// Serves the one request that is in the input buffer and leaves the reply in the mailbox, without ringing.
void vitrine_runtime_serve(void);

// Makes a failed allocation end the guest (VITRINE_ERROR_OUT_OF_MEMORY) instead of returning NULL: for languages that
// cannot go on without memory. The Swift SDK turns it on.
void vitrine_abort_when_out_of_memory(bool aborts);

// What Swift code calls instead of executing a trap instruction (-trap-function in toolset.json): aborts with the
// reason that Swift printed, if it printed one, and the address of the trap.
_Noreturn void vitrine_swift_trap(void);

// MARK: - Messages (message_reader.c, message_writer.c)

// A message as found in a buffer; everything in it is borrowed.
typedef struct vitrine_message {
    uint16_t kind;
    uint32_t code_or_type;
    vitrine_text name;              // of a call
    uint32_t value_count;           // parameters of a call, 1 of a result or an error
    vitrine_value values[VITRINE_LIMIT_PARAMETERS];
} vitrine_message;

// Reads one message of exactly `byte_count` bytes in place. False for anything that is not one; reads nothing outside.
// The bytes of strings are not checked to be UTF-8.
bool vitrine_message_read(const uint8_t *bytes, uint64_t byte_count, vitrine_message *message);

// Writes one message from `start` on. Once something did not fit, `too_small` stays set and nothing more is written.
typedef struct vitrine_message_writer {
    uint8_t *start;
    uint64_t capacity;
    uint64_t used;
    bool too_small;
} vitrine_message_writer;

void vitrine_write_header(vitrine_message_writer *writer, uint16_t kind, uint16_t parameter_count, vitrine_text name,
                          uint32_t code_or_type);
void vitrine_write_value(vitrine_message_writer *writer, vitrine_value value);

// Makes room for a payload and gives its address, or NULL.
void *vitrine_write_payload(vitrine_message_writer *writer, uint32_t type, uint64_t byte_count);

// Completes the header. False when the message did not fit.
bool vitrine_write_finish(vitrine_message_writer *writer);

// MARK: - Host calls in steps (host_call.c), for callers that write each parameter as they have it

// Starts a call message in the output buffer, behind a result that was begun there.
vitrine_message_writer vitrine_host_call_begin(vitrine_text name, uint32_t result_type, uint32_t parameter_count);

// Rings the host and reads its answer.
vitrine_reply vitrine_host_call_finish(vitrine_message_writer *writer, uint32_t result_type);

// MARK: - Allocator (allocator.c), under names that do not clash with a C library's

void *vitrine_allocate(size_t byte_count);
void *vitrine_allocate_aligned(size_t alignment, size_t byte_count);
void *vitrine_reallocate(void *address, size_t byte_count);
void vitrine_free(void *address);

// The bytes usable behind an allocated address.
size_t vitrine_allocation_byte_count(const void *address);

// MARK: - Memory (memory.c)

void *vitrine_copy(void *restrict destination, const void *restrict source, size_t byte_count);
void *vitrine_move(void *destination, const void *source, size_t byte_count);
void *vitrine_fill(void *destination, int byte, size_t byte_count);
int vitrine_compare(const void *left, const void *right, size_t byte_count);

// MARK: - Printing (print.c)

// Prints a text and what ends it, as one piece where it fits.
void vitrine_print_terminated(vitrine_text text, vitrine_text terminator);

// One character into the line buffer.
void vitrine_print_character(uint8_t character);

// Sends a half-finished line.
void vitrine_print_flush(void);

// The unfinished or last line given to `vitrine_print_character`: the Swift runtime prints the reason of a trap there.
vitrine_text vitrine_print_last_line(void);

// MARK: - Doorbells (hypercall.h)

#if __STDC_HOSTED__
// In a native build (tests) a ring calls this function instead of leaving the machine.
void vitrine_test_on_ring(void (*handler)(uint16_t port));
void vitrine_test_ring(uint16_t port);
#endif

#endif
