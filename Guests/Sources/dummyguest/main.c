// SPDX-License-Identifier: MIT OR Apache-2.0
//
// dummyguest: a guest that breaks every rule of the ABI on demand. `add` shows that a sandbox of it works at all.
#include "hostile.h"

typedef struct kind {
    int32_t number;
    vitrine_text name, text;
    void (*run)(vitrine_call *call);
} kind;

#define ENTRY(number, name, text) {number, VITRINE_TEXT(#name), VITRINE_TEXT(text), hostile_##name},
static const kind kinds[] = {HOSTILE_KINDS(ENTRY)};
#undef ENTRY
#define KIND_COUNT (int32_t)(sizeof(kinds) / sizeof(kinds[0]))

static const kind *kind_with_number(int32_t number) {
    for (int32_t i = 0; i < KIND_COUNT; i++) {
        if (kinds[i].number == number) return &kinds[i];
    }
    return NULL;
}

VITRINE_GUEST_FUNCTION(add, VITRINE_TYPE_INT64, VITRINE_TYPE_INT64, VITRINE_TYPE_INT64) {
    vitrine_return(call, vitrine_int64(call->parameters[0].int64 + call->parameters[1].int64));
}

// Does the thing. Kinds that come back return their own number.
VITRINE_GUEST_FUNCTION(hostile, VITRINE_TYPE_INT32, VITRINE_TYPE_INT32) {
    const kind *found = kind_with_number(call->parameters[0].int32);
    if (found == NULL) {
        vitrine_return_error(call, VITRINE_ERROR_FIRST_USER, VITRINE_TEXT("no such kind"));
        return;
    }
    vitrine_return(call, vitrine_int32(found->number));
    found->run(call);
}

VITRINE_GUEST_FUNCTION(hostile_kind_count, VITRINE_TYPE_INT32) { vitrine_return(call, vitrine_int32(KIND_COUNT)); }

// The number of the kind at an index of the table.
VITRINE_GUEST_FUNCTION(hostile_kind_number, VITRINE_TYPE_INT32, VITRINE_TYPE_INT32) {
    int32_t index = call->parameters[0].int32;
    vitrine_return(call, vitrine_int32(index >= 0 && index < KIND_COUNT ? kinds[index].number : -1));
}

VITRINE_GUEST_FUNCTION(hostile_kind_name, VITRINE_TYPE_STRING, VITRINE_TYPE_INT32) {
    const kind *found = kind_with_number(call->parameters[0].int32);
    vitrine_return(call, vitrine_string(found == NULL ? VITRINE_TEXT("") : found->name));
}

VITRINE_GUEST_FUNCTION(hostile_kind_text, VITRINE_TYPE_STRING, VITRINE_TYPE_INT32) {
    const kind *found = kind_with_number(call->parameters[0].int32);
    vitrine_return(call, vitrine_string(found == NULL ? VITRINE_TEXT("") : found->text));
}

// One byte to any port.
VITRINE_GUEST_FUNCTION(out_port, VITRINE_TYPE_VOID, VITRINE_TYPE_INT32, VITRINE_TYPE_INT32) {
    __asm__ volatile("outb %%al, %%dx"
                     :
                     : "a"((uint8_t)call->parameters[1].int32), "d"((uint16_t)call->parameters[0].int32)
                     : "memory");
}

void send(uint8_t port, uint64_t reply_sequence, uint64_t offset, uint64_t byte_count) {
    *(vitrine_mailbox *)output_buffer() = (vitrine_mailbox){reply_sequence, offset, byte_count, {0}};
    ring(port, 0);
}

uint64_t put_words(const uint64_t *words, size_t count) {
    memcpy(message_area(), words, count * sizeof(uint64_t));
    return count * sizeof(uint64_t);
}

void put_garbage(uint8_t *bytes, uint64_t byte_count) {
    uint64_t state = 0x243F6A8885A308D3ull;
    for (uint64_t i = 0; i < byte_count; i++) {
        state = state * 6364136223846793005ull + 1442695040888963407ull;
        bytes[i] = (uint8_t)(state >> 56);
    }
}
