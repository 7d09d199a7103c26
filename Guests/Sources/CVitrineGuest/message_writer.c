// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Writes messages straight into the output buffer, and the replies of guest functions with it.
#include "state.h"

// Room for `byte_count` bytes and their zero padding, or NULL.
static uint8_t *make_room(vitrine_message_writer *writer, uint64_t byte_count) {
    uint64_t left = writer->capacity - writer->used;
    if (writer->too_small || byte_count > left || ((byte_count + 7) & ~(uint64_t)7) > left) {
        writer->too_small = true;
        return NULL;
    }
    uint8_t *room = writer->start + writer->used;
    uint64_t padded = (byte_count + 7) & ~(uint64_t)7;
    writer->used += padded;
    for (uint64_t i = byte_count; i < padded; i++) room[i] = 0;
    return room;
}

void vitrine_write_header(vitrine_message_writer *writer, uint16_t kind, uint16_t parameter_count, vitrine_text name,
                          uint32_t code_or_type) {
    vitrine_message_header header = {0, kind, parameter_count, (uint32_t)name.byte_count, code_or_type};
    uint8_t *room = make_room(writer, sizeof(header));
    if (room == NULL) return;
    __builtin_memcpy(room, &header, sizeof(header));
    room = make_room(writer, name.byte_count);
    if (room != NULL) vitrine_copy(room, name.bytes, name.byte_count);
}

void *vitrine_write_payload(vitrine_message_writer *writer, uint32_t type, uint64_t byte_count) {
    vitrine_value_header header = {type, (uint32_t)byte_count};
    uint8_t *room = make_room(writer, sizeof(header));
    if (room == NULL || byte_count > UINT32_MAX) {
        writer->too_small = true;
        return NULL;
    }
    __builtin_memcpy(room, &header, sizeof(header));
    return make_room(writer, byte_count);
}

void vitrine_write_value(vitrine_message_writer *writer, vitrine_value value) {
    switch (value.type) {
    case VITRINE_TYPE_STRING:
    case VITRINE_TYPE_BYTES: {
        void *payload = vitrine_write_payload(writer, value.type, value.byte_count);
        if (payload != NULL) vitrine_copy(payload, value.bytes, value.byte_count);
        return;
    }
    case VITRINE_TYPE_VOID:
        vitrine_write_payload(writer, value.type, 0);
        return;
    default: {
        // The payload and its padding in one store: the union's other bytes were zeroed by the initializers.
        uint64_t payload = value.type == VITRINE_TYPE_BOOL ? value.boolean
            : value.byte_count == 4                        ? value.uint32
                                                           : value.uint64;
        uint8_t *room = vitrine_write_payload(writer, value.type, value.byte_count);
        if (room != NULL) __builtin_memcpy(room, &payload, 8);
    }
    }
}

bool vitrine_write_finish(vitrine_message_writer *writer) {
    if (writer->too_small || writer->used > UINT32_MAX) return false;
    uint32_t byte_count = (uint32_t)writer->used;
    __builtin_memcpy(writer->start, &byte_count, 4);
    return true;
}

// MARK: - Replies

static vitrine_message_writer begin_reply(void) {
    vitrine_state *state = &vitrine_runtime;
    state->reserved_output = 0;
    return (vitrine_message_writer){
        state->output + MESSAGE_AREA_OFFSET, state->output_byte_count - MESSAGE_AREA_OFFSET, 0, false};
}

static void keep_reply(vitrine_call *call, vitrine_message_writer *writer, uint32_t kind, uint32_t type) {
    if (vitrine_write_finish(writer)) {
        call->outcome = kind;
        call->outcome_type = type;
        call->reply_byte_count = writer->used;
        vitrine_runtime.reserved_output = writer->used;
    } else {
        vitrine_return_error(call, VITRINE_ERROR_BUFFER_TOO_SMALL,
                             VITRINE_TEXT("the result does not fit the output buffer"));
    }
}

void vitrine_return(vitrine_call *call, vitrine_value value) {
    vitrine_message_writer writer = begin_reply();
    vitrine_write_header(&writer, VITRINE_MESSAGE_RESULT, 0, (vitrine_text){NULL, 0}, 0);
    vitrine_write_value(&writer, value);
    keep_reply(call, &writer, VITRINE_MESSAGE_RESULT, value.type);
}

void *vitrine_return_in_place(vitrine_call *call, uint32_t type, size_t byte_count) {
    vitrine_message_writer writer = begin_reply();
    vitrine_write_header(&writer, VITRINE_MESSAGE_RESULT, 0, (vitrine_text){NULL, 0}, 0);
    void *payload = vitrine_write_payload(&writer, type, byte_count);
    keep_reply(call, &writer, VITRINE_MESSAGE_RESULT, type);
    return payload;
}

void vitrine_return_error(vitrine_call *call, uint32_t code, vitrine_text text) {
    vitrine_message_writer writer = begin_reply();
    vitrine_write_header(&writer, VITRINE_MESSAGE_ERROR, 0, (vitrine_text){NULL, 0}, code);
    text.byte_count = text_prefix(text, VITRINE_LIMIT_ERROR_TEXT_BYTES);
    vitrine_write_value(&writer, vitrine_string(text));
    call->outcome = VITRINE_MESSAGE_ERROR;
    call->reply_byte_count = vitrine_write_finish(&writer) ? writer.used : 0;
    vitrine_runtime.reserved_output = call->reply_byte_count;
}
