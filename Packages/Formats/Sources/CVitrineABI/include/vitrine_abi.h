// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The guest ABI of Vitrine, version 1, for C. `VitrineWire/GuestABI*.swift` says the same for Swift; a test compares
// every constant and every offset of the two. All integers are little-endian, all offsets are in bytes.
// docs/guest-abi.md explains the protocol.
#ifndef VITRINE_ABI_H
#define VITRINE_ABI_H

#include <stddef.h>
#include <stdint.h>

// Bumped by every change of a byte below. A guest carries it in its ELF note; a host refuses any other.
#define VITRINE_ABI_VERSION 1u
// "VITRINE\0" read as a little-endian integer: the first word of the control page.
#define VITRINE_CONTROL_MAGIC 0x00454E4952544956ull
// The ELF note that names the ABI: owner "Vitrine", this type, a 4-byte descriptor that holds the version.
#define VITRINE_NOTE_OWNER "Vitrine"
#define VITRINE_NOTE_TYPE 1u

// Where an image may lie: linked at or above the base, ending at or below the limit.
#define VITRINE_IMAGE_BASE 0x200000ull
#define VITRINE_IMAGE_LIMIT 0x4200000ull

// Ports: the doorbells a guest rings with `out %al, $port`. One byte wide; the odd neighbours stay closed, so that a
// wider access faults. The value written is ignored. `in` is let through by the same bits, and ends the guest's call.
#define VITRINE_PORT_READY 0xE0u      // initialized, or done with a call: the result is in the mailbox
#define VITRINE_PORT_CALL_HOST 0xE2u  // a host call is in the mailbox
#define VITRINE_PORT_ABORT 0xE4u      // the guest gives up: an error message is in the mailbox
#define VITRINE_PORT_DRAIN 0xE6u      // the telemetry region is full
#define VITRINE_PORT_EXCEPTION 0xF0u  // closed to guest code: rung by the ring-0 exception stubs only

// Levels, as the control page and telemetry records carry them.
#define VITRINE_LEVEL_OFF 0u
#define VITRINE_LEVEL_ERROR 1u
#define VITRINE_LEVEL_WARN 2u
#define VITRINE_LEVEL_INFO 3u
#define VITRINE_LEVEL_DEBUG 4u
#define VITRINE_LEVEL_TRACE 5u

// Feature switches of the control page.
#define VITRINE_FEATURE_SPANS 1u
#define VITRINE_FEATURE_ALLOCATIONS 2u

// The control page: written by the host, read-only for the guest. Its address is the guest's first argument (rdi).
typedef struct vitrine_control {
    uint64_t magic;                    // 0
    uint32_t abi_version;              // 8
    uint32_t byte_count;               // 12  of this structure
    uint64_t image_address;            // 16
    uint64_t image_byte_count;         // 24
    uint64_t input_address;            // 32  host to guest, read-only for the guest
    uint64_t input_byte_count;         // 40
    uint64_t output_address;           // 48  guest to host; begins with the mailbox
    uint64_t output_byte_count;        // 56
    uint64_t telemetry_address;        // 64  guest to host; begins with its header
    uint64_t telemetry_byte_count;     // 72
    uint64_t heap_address;             // 80
    uint64_t heap_byte_count;          // 88
    uint64_t stack_address;            // 96  lowest byte
    uint64_t stack_byte_count;         // 104
    uint64_t random_seed[2];           // 112 different for each sandbox
    uint32_t maximum_level;            // 128 live: may change between any two exits
    uint32_t features;                 // 132 live
    uint64_t request_sequence;         // 136 counts the messages the host has put into the input buffer
    uint64_t request_offset;           // 144 of the newest message, from the start of the input buffer
    uint64_t request_byte_count;       // 152
} vitrine_control;

// The mailbox: the first 64 bytes of the output buffer, written by the guest before it rings a port.
typedef struct vitrine_mailbox {
    uint64_t reply_sequence;           // 0   the request_sequence of the newest message that the guest has read: the
                                       //     call, or the reply to the last host call in it; 0 before any call
    uint64_t message_offset;           // 8   from the start of the output buffer, at least 64
    uint64_t message_byte_count;       // 16
    uint64_t reserved[5];              // 24  zero
} vitrine_mailbox;

// Messages: a header, then what the kind says. Every part begins at a multiple of 8.
#define VITRINE_MESSAGE_CALL 1u    // header, name bytes, padding, then parameter_count values
#define VITRINE_MESSAGE_RESULT 2u  // header, then one value
#define VITRINE_MESSAGE_ERROR 3u   // header (code), then one string value: the text

typedef struct vitrine_message_header {
    uint32_t byte_count;               // 0   of the whole message, a multiple of 8
    uint16_t kind;                     // 4
    uint16_t parameter_count;          // 6   of a call, else 0
    uint32_t name_byte_count;          // 8   of a call, else 0
    uint32_t code_or_type;             // 12  a call: the expected result's type; an error: its code; else 0
} vitrine_message_header;

// Values: a header, then the payload, padded with zeros to a multiple of 8.
#define VITRINE_TYPE_VOID 0u
#define VITRINE_TYPE_INT32 1u
#define VITRINE_TYPE_UINT32 2u
#define VITRINE_TYPE_INT64 3u
#define VITRINE_TYPE_UINT64 4u
#define VITRINE_TYPE_FLOAT 5u
#define VITRINE_TYPE_DOUBLE 6u
#define VITRINE_TYPE_BOOL 7u    // one byte, 0 or 1
#define VITRINE_TYPE_STRING 8u  // UTF-8, no terminator
#define VITRINE_TYPE_BYTES 9u

typedef struct vitrine_value_header {
    uint32_t type;                     // 0
    uint32_t byte_count;               // 4   of the payload without padding
} vitrine_value_header;

// Codes of error messages. A guest function's own codes start at VITRINE_ERROR_FIRST_USER.
#define VITRINE_ERROR_UNKNOWN_FUNCTION 1u
#define VITRINE_ERROR_WRONG_PARAMETERS 2u
#define VITRINE_ERROR_WRONG_RESULT 3u
#define VITRINE_ERROR_HOST_FUNCTION_FAILED 4u
#define VITRINE_ERROR_OUT_OF_MEMORY 5u
#define VITRINE_ERROR_PANIC 6u           // abort only: a failed assertion or a trap
#define VITRINE_ERROR_MALFORMED 7u       // the message could not be read
#define VITRINE_ERROR_BUFFER_TOO_SMALL 8u
#define VITRINE_ERROR_FIRST_USER 1000u

// Limits of messages.
#define VITRINE_LIMIT_PARAMETERS 10u
#define VITRINE_LIMIT_NAME_BYTES 256u
#define VITRINE_LIMIT_ERROR_TEXT_BYTES 4096u

// The telemetry region: a header, then records one after another. The guest appends while it runs; the host reads
// and sets `used` to 0 while the guest is stopped.
typedef struct vitrine_telemetry_header {
    uint64_t used;                     // 0   bytes of records that follow the header
    uint64_t next_sequence;            // 8   number of the next record; counts dropped ones too
    uint64_t dropped;                  // 16  records the guest itself could not write, ever
    uint64_t reserved;                 // 24  zero
} vitrine_telemetry_header;

#define VITRINE_RECORD_SPAN_OPEN 1u   // span id, parent id, line, name, target, file, fields
#define VITRINE_RECORD_SPAN_CLOSE 2u  // span id
#define VITRINE_RECORD_SPAN_EDIT 3u   // span id, fields: later values replace earlier ones
#define VITRINE_RECORD_EVENT 4u       // span id or 0, line, message, target, file, fields
#define VITRINE_RECORD_PRINT 5u       // the text, one string
#define VITRINE_RECORD_ALLOCATE 6u    // address, size, frames
#define VITRINE_RECORD_FREE 7u        // address, size or 0, frames

typedef struct vitrine_record_header {
    uint32_t byte_count;               // 0   of the whole record, a multiple of 8
    uint8_t kind;                      // 4
    uint8_t level;                     // 5
    uint16_t flags;                    // 6   VITRINE_RECORD_TRUNCATED or 0
    uint64_t sequence;                 // 8
    uint64_t ticks;                    // 16  rdtsc
} vitrine_record_header;

#define VITRINE_RECORD_TRUNCATED 1u  // a string, field or frame was cut to fit the limits

// span open:  record header, u64 span, u64 parent (0: the root of the call), u32 line, u32 field count,
//             string name, string target, string file, fields
// span close: record header, u64 span
// span edit:  record header, u64 span, u32 0, u32 field count, fields
// event:      record header, u64 span (0: none), u32 line, u32 field count, string message, string target, string file, fields
// print:      record header, string text
// allocate:   record header, u64 address, u64 byte count, u32 0, u32 frame count, u64 frames, innermost first
// free:       as allocate
//
// string: u32 byte count, u32 form; form 0: the bytes, padded to a multiple of 8; form 1: u64 address in the image's
//         read-only segments.
// field:  string key, u32 field type, u32 0, then u64 (bool, integers, double bits) or a string.
#define VITRINE_STRING_INLINE 0u
#define VITRINE_STRING_IN_IMAGE 1u

#define VITRINE_FIELD_BOOL 1u
#define VITRINE_FIELD_INT64 2u
#define VITRINE_FIELD_UINT64 3u
#define VITRINE_FIELD_DOUBLE 4u
#define VITRINE_FIELD_STRING 5u

// Limits of telemetry.
#define VITRINE_LIMIT_RECORD_BYTES 8192u
#define VITRINE_LIMIT_STRING_BYTES 4096u  // of one string of a record
#define VITRINE_LIMIT_FIELDS 32u
#define VITRINE_LIMIT_FRAMES 64u
#define VITRINE_LIMIT_OPEN_SPANS 256u     // nested at one time in one call

_Static_assert(sizeof(vitrine_control) == 160, "control page layout");
_Static_assert(offsetof(vitrine_control, maximum_level) == 128, "control page layout");
_Static_assert(sizeof(vitrine_mailbox) == 64, "mailbox layout");
_Static_assert(sizeof(vitrine_message_header) == 16, "message header layout");
_Static_assert(sizeof(vitrine_value_header) == 8, "value header layout");
_Static_assert(sizeof(vitrine_telemetry_header) == 32, "telemetry header layout");
_Static_assert(sizeof(vitrine_record_header) == 24, "record header layout");

#endif
