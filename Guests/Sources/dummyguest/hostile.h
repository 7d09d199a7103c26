// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Raw access to what the runtime normally writes with care.
#ifndef HOSTILE_H
#define HOSTILE_H

#include <vitrine_guest.h>

#include "include/hostile_kinds.h"

#define DECLARE(number, name, text) void hostile_##name(vitrine_call *call);
HOSTILE_KINDS(DECLARE)
#undef DECLARE

static inline void ring(uint8_t port, uint8_t value) {
    __asm__ volatile("outb %%al, %%dx\n\tjmp 1f\n1:" : : "a"(value), "d"((uint16_t)port) : "memory");
}

static inline uint8_t *output_buffer(void) { return (uint8_t *)vitrine_control_page->output_address; }
static inline uint8_t *message_area(void) { return output_buffer() + sizeof(vitrine_mailbox); }

// The sequence that an honest reply would carry.
static inline uint64_t sequence(void) { return vitrine_control_page->request_sequence; }

// Fills the mailbox as told and rings.
void send(uint8_t port, uint64_t reply_sequence, uint64_t offset, uint64_t byte_count);

// Puts words into the message area and gives their byte count.
uint64_t put_words(const uint64_t *words, size_t count);
#define PUT_WORDS(...) \
    put_words((const uint64_t[]){__VA_ARGS__}, sizeof((const uint64_t[]){__VA_ARGS__}) / sizeof(uint64_t))

// The two words of a message header.
#define HEADER(byte_count, kind, parameters, name_byte_count, code)                                        \
    ((uint64_t)(byte_count) | (uint64_t)(kind) << 32 | (uint64_t)(parameters) << 48),                      \
        ((uint64_t)(name_byte_count) | (uint64_t)(code) << 32)

// The word of a value header.
#define VALUE(type, byte_count) ((uint64_t)(type) | (uint64_t)(byte_count) << 32)

// Pseudo-random bytes, the same in every run.
void put_garbage(uint8_t *bytes, uint64_t byte_count);

#endif
