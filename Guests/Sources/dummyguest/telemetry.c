// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Telemetry that is not what it should be. Each kind returns, so that the host drains at the call's end.
#define VITRINE_TARGET "dummyguest"
#include "hostile.h"

static vitrine_telemetry_header *region(void) {
    return (vitrine_telemetry_header *)vitrine_control_page->telemetry_address;
}

static uint64_t capacity(void) { return vitrine_control_page->telemetry_byte_count - sizeof(vitrine_telemetry_header); }

static uint8_t *records(void) { return (uint8_t *)(region() + 1); }

static void drain_if_less_than(uint64_t byte_count) {
    if (region()->used > capacity() || capacity() - region()->used < byte_count) ring(VITRINE_PORT_DRAIN, 0);
}

// Appends a record with a header of the given byte count and kind, followed by words.
static void append(uint64_t claimed, uint8_t kind, uint64_t number, uint64_t ticks, const uint64_t *words,
                   size_t count) {
    drain_if_less_than(sizeof(vitrine_record_header) + count * 8);
    uint8_t *at = records() + region()->used;
    *(vitrine_record_header *)at = (vitrine_record_header){(uint32_t)claimed, kind, 3, 0, number, ticks};
    memcpy(at + sizeof(vitrine_record_header), words, count * 8);
    region()->used += sizeof(vitrine_record_header) + count * 8;
}

static uint64_t next_number(void) { return region()->next_sequence++; }

// Appends a record that is honest about its size.
#define APPEND(...) APPEND_EXPANDED(__VA_ARGS__)
#define APPEND_EXPANDED(kind, ...)                                                                            \
    append(sizeof(vitrine_record_header) + sizeof((uint64_t[]){__VA_ARGS__}), kind, next_number(),            \
           __builtin_ia32_rdtsc(), (uint64_t[]){__VA_ARGS__}, sizeof((uint64_t[]){__VA_ARGS__}) / 8)

#define TEXT_X 1, 0x78                      // an inline string "x"
#define IMAGE(byte_count) ((uint64_t)(byte_count) | (uint64_t)VITRINE_STRING_IN_IMAGE << 32)
#define LINE(line, fields) ((uint64_t)(line) | (uint64_t)(fields) << 32)
#define EVENT VITRINE_RECORD_EVENT, 0
#define OPEN(id, parent) VITRINE_RECORD_SPAN_OPEN, id, parent, LINE(1, 0), TEXT_X, TEXT_X, TEXT_X

void hostile_used_beyond_region(vitrine_call *) { region()->used = capacity() + 1; }
void hostile_used_huge(vitrine_call *) { region()->used = ~0ull; }
void hostile_used_unaligned(vitrine_call *) { region()->used = 13; }

static void append_claiming(uint64_t byte_count) {
    APPEND(VITRINE_RECORD_PRINT, TEXT_X);
    append(byte_count, VITRINE_RECORD_PRINT, next_number(), 0, (uint64_t[]){TEXT_X}, 2);
    APPEND(VITRINE_RECORD_PRINT, TEXT_X);
}
void hostile_record_zero(vitrine_call *) { append_claiming(0); }
void hostile_record_huge(vitrine_call *) { append_claiming(0xFFFFFFF8); }
void hostile_record_unaligned(vitrine_call *) { append_claiming(29); }
void hostile_record_beyond_used(vitrine_call *) { append_claiming(4096); }

void hostile_record_unknown(vitrine_call *) {
    APPEND(VITRINE_RECORD_PRINT, TEXT_X);
    APPEND(0, 1, 2, 3);
    APPEND(8, 1, 2, 3);
    APPEND(255, 1, 2, 3);
    APPEND(VITRINE_RECORD_PRINT, TEXT_X);
}

void hostile_record_garbage(vitrine_call *) {
    put_garbage(records(), capacity());
    region()->used = capacity() & ~7ull;
}

void hostile_record_short(vitrine_call *) {
    for (uint32_t kind = 0; kind < 256; kind++) {
        append(sizeof(vitrine_record_header), (uint8_t)kind, next_number(), 0, NULL, 0);
    }
}

void hostile_fields_huge(vitrine_call *) { APPEND(EVENT, LINE(1, UINT32_MAX), TEXT_X, TEXT_X, TEXT_X, TEXT_X, 1, 1); }
void hostile_fields_unknown(vitrine_call *) { APPEND(EVENT, LINE(1, 1), TEXT_X, TEXT_X, TEXT_X, TEXT_X, 99, 1); }
void hostile_frames_huge(vitrine_call *) { APPEND(VITRINE_RECORD_ALLOCATE, 1, 2, LINE(0, UINT32_MAX), 4, 5); }
void hostile_string_huge(vitrine_call *) { APPEND(EVENT, LINE(1, 0), UINT32_MAX, 0x78, TEXT_X, TEXT_X); }
void hostile_string_unknown_form(vitrine_call *) { APPEND(VITRINE_RECORD_PRINT, 1 | 9ull << 32, 0x78); }

void hostile_string_wild(vitrine_call *) {
    const volatile vitrine_control *control = vitrine_control_page;
    const uint64_t addresses[] = {
        0,
        0x1000,
        (uint64_t)control,
        control->heap_address,
        control->stack_address,
        control->image_address + control->image_byte_count - 1,
        (uint64_t)region(),
        1ull << 40,
        ~0ull - 3,
        0x8000000000000000ull,
    };
    for (size_t i = 0; i < sizeof(addresses) / sizeof(addresses[0]); i++) {
        APPEND(VITRINE_RECORD_PRINT, IMAGE(16), addresses[i]);
        APPEND(EVENT, LINE(1, 0), IMAGE(4096), addresses[i], TEXT_X, TEXT_X);
        APPEND(VITRINE_RECORD_PRINT, IMAGE(UINT32_MAX), addresses[i]);
    }
}

#define CONTROL_TEXT "\x1b[2J\x1b]0;owned\x07line\r\nnext\0\x7f\x9b end"
void hostile_text_control(vitrine_call *) {
    VITRINE_LOG(VITRINE_LEVEL_ERROR, CONTROL_TEXT,
                vitrine_field_string(VITRINE_TEXT("key\n\x1b[31m"), VITRINE_TEXT(CONTROL_TEXT)));
    vitrine_print(VITRINE_TEXT(CONTROL_TEXT));
}

void hostile_text_not_utf8(vitrine_call *) {
    VITRINE_LOG(VITRINE_LEVEL_ERROR, "\xC0\xFF\xFE\x80",
                vitrine_field_string(VITRINE_TEXT("\xFF"), VITRINE_TEXT("\xED\xA0\x80")));
    vitrine_print(VITRINE_TEXT("\xF5\x80\x80\x80 end"));
}

void hostile_sequence_jumps(vitrine_call *) {
    const uint64_t numbers[] = {5, 5, 3, 0, 1ull << 32, ~0ull, 0, 7};
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
        append(40, VITRINE_RECORD_PRINT, numbers[i], __builtin_ia32_rdtsc(), (uint64_t[]){TEXT_X}, 2);
    }
}

void hostile_ticks_wild(vitrine_call *) {
    const uint64_t ticks[] = {0, ~0ull, 1, 1ull << 63, 0};
    for (size_t i = 0; i < sizeof(ticks) / sizeof(ticks[0]); i++) {
        append(40, VITRINE_RECORD_PRINT, next_number(), ticks[i], (uint64_t[]){TEXT_X}, 2);
    }
}

void hostile_spans_unlimited(vitrine_call *) {
    for (uint64_t id = 1; id <= 100000; id++) APPEND(OPEN(id, id - 1));
}

void hostile_span_never_opened(vitrine_call *) {
    APPEND(VITRINE_RECORD_SPAN_CLOSE, 123456789);
    APPEND(VITRINE_RECORD_SPAN_CLOSE, 0);
    APPEND(VITRINE_RECORD_SPAN_EDIT, 987654321, LINE(0, 1), TEXT_X, VITRINE_FIELD_INT64, 1);
}

void hostile_span_twice(vitrine_call *) {
    APPEND(OPEN(4242, 0));
    APPEND(OPEN(4242, 0));
    for (int i = 0; i < 3; i++) APPEND(VITRINE_RECORD_SPAN_CLOSE, 4242);
}

void hostile_span_cycle(vitrine_call *) {
    APPEND(OPEN(7001, 7002));
    APPEND(OPEN(7002, 7001));
    APPEND(OPEN(7003, 7003));
    for (uint64_t id = 7001; id <= 7003; id++) APPEND(VITRINE_RECORD_SPAN_CLOSE, id);
}

void hostile_level_unknown(vitrine_call *) {
    APPEND(EVENT, LINE(1, 0), TEXT_X, TEXT_X, TEXT_X);
    ((vitrine_record_header *)(records() + region()->used - 80))->level = 200;
}

void hostile_dropped_wild(vitrine_call *) { region()->dropped = ~0ull; }

void hostile_telemetry_flood(vitrine_call *) {
    for (int fills = 0; fills < 10000;) {
        uint64_t before = region()->used;
        APPEND(EVENT, LINE(1, 0), TEXT_X, TEXT_X, TEXT_X);
        if (region()->used < before) fills++;
    }
}

void hostile_print_flood(vitrine_call *) {
    for (int i = 0; i < 1000000; i++) vitrine_print(VITRINE_TEXT("all work and no play\n"));
}

void hostile_drain_flood(vitrine_call *) {
    for (int i = 0; i < 10000; i++) ring(VITRINE_PORT_DRAIN, 0);
}

void hostile_drain_endless(vitrine_call *) {
    for (;;) ring(VITRINE_PORT_DRAIN, 0);
}

void hostile_frees_unknown(vitrine_call *) {
    for (uint64_t i = 0; i < 100; i++) APPEND(VITRINE_RECORD_FREE, i * 0x123456789, 0, LINE(0, 1), 0xDEAD);
}
