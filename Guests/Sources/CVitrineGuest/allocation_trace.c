// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Allocations as telemetry records (SwiftPM trait `mem_profile`). Off at run time it costs one load and a branch.
#include "state.h"

#if VITRINE_MEM_PROFILE

typedef struct allocation {
    uint64_t address, byte_count;
    const void *frame;
} allocation;

static void put_allocation(record_writer *record, const void *content) {
    const allocation *subject = content;
    uint64_t frames[VITRINE_LIMIT_FRAMES];
    bool cut;
    uint32_t count = walk_stack(subject->frame, frames, VITRINE_LIMIT_FRAMES, &cut);
    if (cut) record->flags |= VITRINE_RECORD_TRUNCATED;
    uint64_t fixed = record->used + 24;
    if (record->room < fixed) {
        record->failed = true;
        return;
    }
    uint64_t fitting = (record->room - fixed) / 8;
    if (count > fitting) {
        count = (uint32_t)fitting;
        record->cut = true;
        record->flags |= VITRINE_RECORD_TRUNCATED;
    }
    record_put_u64(record, subject->address);
    record_put_u64(record, subject->byte_count);
    record_put_u64(record, (uint64_t)count << 32);
    for (uint32_t i = 0; i < count; i++) record_put_u64(record, frames[i]);
}

static bool is_on(void) { return ((vitrine_switches() >> 32) & VITRINE_FEATURE_ALLOCATIONS) != 0; }

void trace_allocate(const void *address, size_t byte_count, const void *frame) {
    if (__builtin_expect(!is_on(), 1)) return;
    allocation subject = {(uint64_t)address, byte_count, frame};
    write_record(VITRINE_RECORD_ALLOCATE, VITRINE_LEVEL_OFF, put_allocation, &subject);
}

void trace_free(const void *address, const void *frame) {
    if (__builtin_expect(!is_on(), 1)) return;
    allocation subject = {(uint64_t)address, 0, frame};
    write_record(VITRINE_RECORD_FREE, VITRINE_LEVEL_OFF, put_allocation, &subject);
}

#else

void trace_allocate(const void *address, size_t byte_count, const void *frame) {
    (void)address, (void)byte_count, (void)frame;
}
void trace_free(const void *address, const void *frame) { (void)address, (void)frame; }

#endif
