// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Appends records to the telemetry region. A record is written whole before `used` covers it, so the host, which reads
// only while the guest is stopped, never sees half of one. No allocation, no recursion, no lock.
#include "hypercall.h"
#include "state.h"

static uint64_t read_ticks(void) {
    uint32_t low, high;
    __asm__ volatile("rdtsc" : "=a"(low), "=d"(high));
    return (uint64_t)high << 32 | low;
}

void record_put_u64(record_writer *record, uint64_t value) {
    if (record->room - record->used < 8) {
        record->failed = true;
        return;
    }
    __builtin_memcpy(record->start + record->used, &value, 8);
    record->used += 8;
}

static bool is_in_image(vitrine_text text) {
#if __STDC_HOSTED__
    (void)text;
    return false;
#else
    uintptr_t start = (uintptr_t)text.bytes, end = start + text.byte_count;
    return start >= (uintptr_t)vitrine_readonly_start && end <= (uintptr_t)vitrine_readonly_end && end >= start;
#endif
}

void record_put_text(record_writer *record, vitrine_text text, uint64_t reserve) {
    uint64_t left = record->room - record->used;
    if (left < 8 + reserve) {
        record->failed = true;
        return;
    }
    left -= 8 + reserve;
    uint64_t byte_count = text_prefix(text, VITRINE_LIMIT_STRING_BYTES);
    uint64_t form = byte_count > 0 && is_in_image(text) ? VITRINE_STRING_IN_IMAGE : VITRINE_STRING_INLINE;
    if (form == VITRINE_STRING_IN_IMAGE && left < 8) {
        byte_count = 0;
        form = VITRINE_STRING_INLINE;
        record->cut = true;
    } else if (form == VITRINE_STRING_INLINE && byte_count > (left & ~(uint64_t)7)) {
        byte_count = text_prefix(text, left & ~(uint64_t)7);
        record->cut = true;
    }
    if (byte_count < text.byte_count) record->flags |= VITRINE_RECORD_TRUNCATED;
    record_put_u64(record, byte_count | form << 32);
    if (form == VITRINE_STRING_IN_IMAGE) {
        record_put_u64(record, (uint64_t)(uintptr_t)text.bytes);
        return;
    }
    uint8_t *destination = record->start + record->used;
    vitrine_copy(destination, text.bytes, byte_count);
    uint64_t padded = (byte_count + 7) & ~(uint64_t)7;
    for (uint64_t i = byte_count; i < padded; i++) destination[i] = 0;
    record->used += padded;
}

void write_record(uint8_t kind, uint8_t level, record_body *body, const void *content) {
    const volatile vitrine_control *control = vitrine_control_page;
    uint64_t region_byte_count = control->telemetry_byte_count;
    if (region_byte_count < sizeof(vitrine_telemetry_header)) return;
    volatile vitrine_telemetry_header *region = (vitrine_telemetry_header *)control->telemetry_address;
    uint64_t capacity = region_byte_count - sizeof(vitrine_telemetry_header);
    uint64_t most = (capacity < VITRINE_LIMIT_RECORD_BYTES ? capacity : VITRINE_LIMIT_RECORD_BYTES) & ~(uint64_t)7;
    uint64_t ticks = read_ticks();
    uint64_t sequence = region->next_sequence;
    region->next_sequence = sequence + 1;

    for (int attempt = 0; attempt < 2; attempt++) {
        uint64_t used = region->used;
        uint64_t left = used < capacity ? (capacity - used) & ~(uint64_t)7 : 0;
        record_writer record = {.room = left < most ? left : most, .used = sizeof(vitrine_record_header)};
        record.start = (uint8_t *)region + sizeof(vitrine_telemetry_header) + used;
        if (record.room >= sizeof(vitrine_record_header)) {
            body(&record, content);
        } else {
            record.failed = true;
        }
        bool had_all_room = record.room == most;
        if (!record.failed && (!record.cut || had_all_room)) {
            vitrine_record_header header = {(uint32_t)record.used, kind, level, record.flags, sequence, ticks};
            __builtin_memcpy(record.start, &header, sizeof(header));
            __asm__ volatile("" ::: "memory");  // the record first, then the word that covers it
            region->used = used + record.used;
            return;
        }
        if (had_all_room || attempt == 1) break;
        vitrine_ring(VITRINE_PORT_DRAIN);
    }
    region->dropped++;
}
