// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Replies and aborts that are not what they should be.
#include "hostile.h"

#define RESULT VITRINE_MESSAGE_RESULT
#define ERROR VITRINE_MESSAGE_ERROR
#define AREA sizeof(vitrine_mailbox)

// Replies with `byte_count` bytes of the message area.
static void reply(uint64_t byte_count) { send(VITRINE_PORT_READY, sequence(), AREA, byte_count); }

static void put_good_result(void) { PUT_WORDS(HEADER(32, RESULT, 0, 0, 0), VALUE(VITRINE_TYPE_INT32, 4), 7); }

void hostile_garbage_reply(vitrine_call *) {
    put_garbage(message_area(), 256);
    reply(256);
}

void hostile_empty_reply(vitrine_call *) { reply(0); }

void hostile_wrong_type(vitrine_call *) {
    reply(PUT_WORDS(HEADER(32, RESULT, 0, 0, 0), VALUE(VITRINE_TYPE_STRING, 5), 0x6F6C6C6568));
}

void hostile_unknown_type(vitrine_call *) { reply(PUT_WORDS(HEADER(32, RESULT, 0, 0, 0), VALUE(77, 4), 7)); }

void hostile_huge_length(vitrine_call *) {
    put_good_result();
    reply(1ull << 63);
}

void hostile_length_beyond_buffer(vitrine_call *) {
    uint64_t byte_count = vitrine_control_page->output_byte_count + 8;
    PUT_WORDS(HEADER(byte_count, RESULT, 0, 0, 0), VALUE(VITRINE_TYPE_BYTES, byte_count - 24));
    reply(byte_count);
}

void hostile_offset_beyond_buffer(vitrine_call *) {
    send(VITRINE_PORT_READY, sequence(), vitrine_control_page->output_byte_count + 4096, 32);
}

void hostile_offset_wraps(vitrine_call *) { send(VITRINE_PORT_READY, sequence(), ~0ull - 7, 64); }

void hostile_offset_in_mailbox(vitrine_call *) { send(VITRINE_PORT_READY, sequence(), 0, 64); }

void hostile_offset_unaligned(vitrine_call *) {
    put_good_result();
    memmove(message_area() + 1, message_area(), 32);
    send(VITRINE_PORT_READY, sequence(), AREA + 1, 32);
}

void hostile_value_beyond_message(vitrine_call *) {
    reply(PUT_WORDS(HEADER(32, RESULT, 0, 0, 0), VALUE(VITRINE_TYPE_BYTES, 64), 7));
}

void hostile_value_huge(vitrine_call *) {
    reply(PUT_WORDS(HEADER(32, RESULT, 0, 0, 0), VALUE(VITRINE_TYPE_BYTES, UINT32_MAX), 7));
}

void hostile_reply_is_call(vitrine_call *) {
    reply(PUT_WORDS(HEADER(24, VITRINE_MESSAGE_CALL, 0, 3, VITRINE_TYPE_INT32), 0x646461));
}

void hostile_future_sequence(vitrine_call *) {
    put_good_result();
    send(VITRINE_PORT_READY, sequence() + 1, AREA, 32);
}

void hostile_stale_sequence(vitrine_call *) {
    put_good_result();
    send(VITRINE_PORT_READY, 0, AREA, 32);
}

void hostile_trailing_bytes(vitrine_call *) {
    reply(PUT_WORDS(HEADER(48, RESULT, 0, 0, 0), VALUE(VITRINE_TYPE_INT32, 4), 7, 1, 2));
}

void hostile_error_not_utf8(vitrine_call *) {
    reply(PUT_WORDS(HEADER(32, ERROR, 0, 0, 1000), VALUE(VITRINE_TYPE_STRING, 8), 0xC0FFFEFDFC80C1F5));
}

void hostile_error_text_long(vitrine_call *) {
    uint64_t byte_count = VITRINE_LIMIT_ERROR_TEXT_BYTES + 8;
    PUT_WORDS(HEADER(24 + byte_count, ERROR, 0, 0, 1000), VALUE(VITRINE_TYPE_STRING, byte_count));
    memset(message_area() + 24, 'x', byte_count);
    reply(24 + byte_count);
}

void hostile_error_text_number(vitrine_call *) {
    reply(PUT_WORDS(HEADER(32, ERROR, 0, 0, 1000), VALUE(VITRINE_TYPE_INT64, 8), 7));
}

void hostile_error_code_zero(vitrine_call *) {
    reply(PUT_WORDS(HEADER(32, ERROR, 0, 0, 0), VALUE(VITRINE_TYPE_STRING, 2), 0x6F6E));
}

void hostile_error_text_control(vitrine_call *call) {
    vitrine_return_error(call, VITRINE_ERROR_FIRST_USER, VITRINE_TEXT("\x1b[2J\x1b]0;owned\x07line\r\nnext\0end"));
}

void hostile_abort_garbage(vitrine_call *) {
    put_garbage(output_buffer(), 256);
    ring(VITRINE_PORT_ABORT, 0);
}

void hostile_abort_empty(vitrine_call *) { send(VITRINE_PORT_ABORT, sequence(), AREA, 0); }

void hostile_abort_result(vitrine_call *) {
    put_good_result();
    send(VITRINE_PORT_ABORT, sequence(), AREA, 32);
}
