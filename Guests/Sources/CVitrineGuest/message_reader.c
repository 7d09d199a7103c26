// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Reads messages in place. Total: any bytes give a message or false.
#include "state.h"

// Bytes still unread.
typedef struct cursor {
    const uint8_t *next;
    uint64_t left;
} cursor;

// Takes `byte_count` bytes and their padding to a multiple of 8, or gives NULL.
static const uint8_t *take(cursor *cursor, uint64_t byte_count) {
    if (byte_count > cursor->left) return NULL;  // first, so that the sum below cannot wrap
    uint64_t padded = (byte_count + 7) & ~(uint64_t)7;
    if (padded > cursor->left) return NULL;
    const uint8_t *taken = cursor->next;
    cursor->next += padded;
    cursor->left -= padded;
    return taken;
}

static uint32_t load32(const uint8_t *bytes) {
    uint32_t value;
    __builtin_memcpy(&value, bytes, 4);
    return value;
}

static bool read_value(cursor *cursor, vitrine_value *value) {
    const uint8_t *header = take(cursor, sizeof(vitrine_value_header));
    if (header == NULL) return false;
    uint32_t type = load32(header), byte_count = load32(header + 4);
    const uint8_t *payload = take(cursor, byte_count);
    if (payload == NULL) return false;
    *value = (vitrine_value){type, byte_count, {.uint64 = 0}};
    switch (type) {
    case VITRINE_TYPE_VOID:
        return byte_count == 0;
    case VITRINE_TYPE_INT32:
    case VITRINE_TYPE_UINT32:
    case VITRINE_TYPE_FLOAT:
        if (byte_count != 4) return false;
        value->uint32 = load32(payload);
        return true;
    case VITRINE_TYPE_INT64:
    case VITRINE_TYPE_UINT64:
    case VITRINE_TYPE_DOUBLE:
        if (byte_count != 8) return false;
        __builtin_memcpy(&value->uint64, payload, 8);
        return true;
    case VITRINE_TYPE_BOOL:
        if (byte_count != 1 || payload[0] > 1) return false;
        value->boolean = payload[0] == 1;
        return true;
    case VITRINE_TYPE_STRING:
    case VITRINE_TYPE_BYTES:
        value->bytes = payload;
        return true;
    default:
        return false;
    }
}

bool vitrine_message_read(const uint8_t *bytes, uint64_t byte_count, vitrine_message *message) {
    cursor cursor = {bytes, byte_count};
    const uint8_t *first = take(&cursor, sizeof(vitrine_message_header));
    if (first == NULL || byte_count % 8 != 0) return false;
    vitrine_message_header header;
    __builtin_memcpy(&header, first, sizeof(header));
    if (header.byte_count != byte_count) return false;

    message->kind = header.kind;
    message->code_or_type = header.code_or_type;
    message->name = (vitrine_text){NULL, 0};
    if (header.kind == VITRINE_MESSAGE_CALL) {
        if (header.parameter_count > VITRINE_LIMIT_PARAMETERS) return false;
        if (header.name_byte_count == 0 || header.name_byte_count > VITRINE_LIMIT_NAME_BYTES) return false;
        const uint8_t *name = take(&cursor, header.name_byte_count);
        if (name == NULL) return false;
        message->name = (vitrine_text){(const char *)name, header.name_byte_count};
        message->value_count = header.parameter_count;
    } else if (header.kind == VITRINE_MESSAGE_RESULT || header.kind == VITRINE_MESSAGE_ERROR) {
        if (header.parameter_count != 0 || header.name_byte_count != 0) return false;
        message->value_count = 1;
    } else {
        return false;
    }
    for (uint32_t i = 0; i < message->value_count; i++) {
        if (!read_value(&cursor, &message->values[i])) return false;
        if (header.kind == VITRINE_MESSAGE_CALL && message->values[i].type == VITRINE_TYPE_VOID) return false;
    }
    if (header.kind == VITRINE_MESSAGE_RESULT && header.code_or_type != 0) return false;
    if (header.kind == VITRINE_MESSAGE_ERROR && message->values[0].type != VITRINE_TYPE_STRING) return false;
    return cursor.left == 0;
}
