// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Printed text, as telemetry records: no exit per line.
#include "state.h"

static struct {
    uint32_t byte_count;       // of the line being collected
    uint32_t last_byte_count;  // of the line sent last, still in `bytes` until the next character comes
    char bytes[240];
} line;

static void put_print(record_writer *record, const void *content) {
    record_put_text(record, *(const vitrine_text *)content, 0);
}

static void send(vitrine_text text) {
    while (text.byte_count > 0) {
        vitrine_text piece = {text.bytes, text_prefix(text, VITRINE_LIMIT_STRING_BYTES)};
        write_record(VITRINE_RECORD_PRINT, VITRINE_LEVEL_OFF, put_print, &piece);
        text.bytes += piece.byte_count;
        text.byte_count -= piece.byte_count;
    }
}

void vitrine_print(vitrine_text text) {
    vitrine_print_flush();  // what came first goes first
    send(text);
}

void vitrine_print_flush(void) {
    if (line.byte_count == 0) return;
    line.last_byte_count = line.byte_count;
    line.byte_count = 0;
    send((vitrine_text){line.bytes, line.last_byte_count});
}

void vitrine_print_terminated(vitrine_text text, vitrine_text terminator) {
    char joined[512];
    if (text.byte_count + terminator.byte_count > sizeof(joined)) {
        vitrine_print(text);
        vitrine_print(terminator);
        return;
    }
    vitrine_copy(joined, text.bytes, text.byte_count);
    vitrine_copy(joined + text.byte_count, terminator.bytes, terminator.byte_count);
    vitrine_print((vitrine_text){joined, text.byte_count + terminator.byte_count});
}

void vitrine_print_character(uint8_t character) {
    line.bytes[line.byte_count++] = (char)character;
    if (character == '\n' || line.byte_count == sizeof(line.bytes)) vitrine_print_flush();
}

vitrine_text vitrine_print_last_line(void) {
    uint32_t byte_count = line.byte_count > 0 ? line.byte_count : line.last_byte_count;
    if (byte_count > 0 && line.bytes[byte_count - 1] == '\n') byte_count--;
    return (vitrine_text){line.bytes, byte_count};
}

#if !__STDC_HOSTED__
int putchar(int character) {
    vitrine_print_character((uint8_t)character);
    return (uint8_t)character;
}
#endif
