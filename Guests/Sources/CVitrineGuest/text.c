// SPDX-License-Identifier: MIT OR Apache-2.0
#include "state.h"

size_t text_prefix(vitrine_text text, size_t limit) {
    if (text.byte_count <= limit) return text.byte_count;
    size_t end = limit;
    // A continuation byte must not be the first one cut off; no sequence has more than three of them.
    for (int i = 0; i < 3 && end > 0 && ((uint8_t)text.bytes[end] & 0xC0) == 0x80; i++) end--;
    return ((uint8_t)text.bytes[end] & 0xC0) == 0x80 ? limit : end;
}

void text_append(text_builder *builder, vitrine_text text) {
    size_t byte_count = text_prefix(text, sizeof(builder->bytes) - builder->byte_count);
    vitrine_copy(builder->bytes + builder->byte_count, text.bytes, byte_count);
    builder->byte_count += byte_count;
}

static void append_digits(text_builder *builder, uint64_t number, uint64_t base) {
    char digits[20];
    size_t first = sizeof(digits);
    do {
        digits[--first] = "0123456789abcdef"[number % base];
        number /= base;
    } while (number > 0);
    text_append(builder, (vitrine_text){digits + first, sizeof(digits) - first});
}

void text_append_number(text_builder *builder, uint64_t number) { append_digits(builder, number, 10); }

void text_append_address(text_builder *builder, uint64_t address) {
    text_append(builder, VITRINE_TEXT("0x"));
    append_digits(builder, address, 16);
}
