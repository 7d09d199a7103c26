// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Everything the runtime remembers, in one place so that a call touches one page of it.
#ifndef VITRINE_STATE_H
#define VITRINE_STATE_H

#include "vitrine_guest_runtime.h"

// Where the messages of the output buffer begin: behind the mailbox.
#define MESSAGE_AREA_OFFSET sizeof(vitrine_mailbox)

typedef struct vitrine_state {
    bool serving;                            // a guest function runs: host calls are allowed
    bool aborts_when_out_of_memory;
    uint8_t *output;                         // the output buffer, mailbox first
    uint64_t output_byte_count;
    uint64_t reserved_output;                // bytes of the message area that hold a result begun in place
    const vitrine_guest_function *last_found;  // most calls ask for the same function again
    vitrine_guest_function *registered;      // the functions added at run time, on the heap
    uint32_t registered_count;
    uint32_t registered_capacity;
    uint64_t current_span;
    uint64_t last_span;                      // ids are never used twice in one sandbox
    uint32_t open_spans;
} vitrine_state;

extern vitrine_state vitrine_runtime;

// Bounds of the image, from the linker script. In a native build there is no image: both are empty.
#if !__STDC_HOSTED__
extern const char vitrine_readonly_start[], vitrine_readonly_end[];
extern const char vitrine_code_start[], vitrine_code_end[];
extern const vitrine_guest_function vitrine_functions_start[], vitrine_functions_end[];
#endif

// text.c: a small text being built, cut at its end.
typedef struct text_builder {
    char bytes[480];
    size_t byte_count;
} text_builder;

void text_append(text_builder *builder, vitrine_text text);
void text_append_number(text_builder *builder, uint64_t number);
void text_append_address(text_builder *builder, uint64_t address);  // as 0x1234
static inline vitrine_text text_of(const text_builder *builder) {
    return (vitrine_text){builder->bytes, builder->byte_count};
}

// The longest prefix of a text that is at most `limit` bytes and does not end inside a UTF-8 sequence.
size_t text_prefix(vitrine_text text, size_t limit);

// dispatch.c
const vitrine_guest_function *find_function(vitrine_text name);

// allocation_trace.c: tells the host of an allocation, with the frames above `frame`.
void trace_allocate(const void *address, size_t byte_count, const void *frame);
void trace_free(const void *address, const void *frame);

// allocator.c: a traced allocation, whose first frame is the return address of `frame`.
void *allocate_for(const void *frame, size_t alignment, size_t byte_count);
#if __STDC_HOSTED__
void reset_heap(void);
#endif

// stack_walk.c: return addresses from the frame pointer `frame` on, innermost first; at most `limit`.
uint32_t walk_stack(const void *frame, uint64_t *addresses, uint32_t limit, bool *cut);

// telemetry.c
typedef struct record_writer {
    uint8_t *start;
    uint64_t room;   // a multiple of 8
    uint64_t used;
    bool cut;        // something was shortened for lack of room
    bool failed;     // not even the shortest form fits
    uint16_t flags;
} record_writer;

void record_put_u64(record_writer *record, uint64_t value);

// A text, cut to the limits; `reserve` bytes are left for what must follow it.
void record_put_text(record_writer *record, vitrine_text text, uint64_t reserve);

typedef void record_body(record_writer *record, const void *content);

// Appends one record; rings the host once to drain a full region. Never allocates, never calls itself.
void write_record(uint8_t kind, uint8_t level, record_body *body, const void *content);

#endif
