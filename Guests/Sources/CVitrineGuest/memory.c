// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Copying, filling and comparing with 16-byte SSE registers: the widest that every backend has. Short lengths are done
// by two overlapping accesses from both ends instead of loops. These functions must not be compiled into calls of
// themselves, so they use vector types instead of the builtins.
#include "state.h"

typedef uint8_t vector __attribute__((vector_size(16), aligned(1), may_alias));
typedef uint64_t word64 __attribute__((aligned(1), may_alias));
typedef uint32_t word32 __attribute__((aligned(1), may_alias));
typedef uint16_t word16 __attribute__((aligned(1), may_alias));

#define AT(type, address, offset) (*(type *)((uint8_t *)(address) + (offset)))
#define FROM(type, address, offset) (*(const type *)((const uint8_t *)(address) + (offset)))

// Up to 32 bytes; everything is read before anything is written, so overlap does not matter.
static inline void move_short(void *destination, const void *source, size_t n) {
    if (n >= 16) {
        vector first = FROM(vector, source, 0), last = FROM(vector, source, n - 16);
        AT(vector, destination, 0) = first;
        AT(vector, destination, n - 16) = last;
    } else if (n >= 8) {
        uint64_t first = FROM(word64, source, 0), last = FROM(word64, source, n - 8);
        AT(word64, destination, 0) = first;
        AT(word64, destination, n - 8) = last;
    } else if (n >= 4) {
        uint32_t first = FROM(word32, source, 0), last = FROM(word32, source, n - 4);
        AT(word32, destination, 0) = first;
        AT(word32, destination, n - 4) = last;
    } else if (n >= 2) {
        uint16_t first = FROM(word16, source, 0), last = FROM(word16, source, n - 2);
        AT(word16, destination, 0) = first;
        AT(word16, destination, n - 2) = last;
    } else if (n == 1) {
        *(uint8_t *)destination = *(const uint8_t *)source;
    }
}

static inline void move_64(void *destination, const void *source, size_t at) {
    vector a = FROM(vector, source, at), b = FROM(vector, source, at + 16);
    vector c = FROM(vector, source, at + 32), d = FROM(vector, source, at + 48);
    AT(vector, destination, at) = a;
    AT(vector, destination, at + 16) = b;
    AT(vector, destination, at + 32) = c;
    AT(vector, destination, at + 48) = d;
}

// The last 64 bytes are read before the loop, which may overwrite them, and written after it.
static void move_up_the_addresses(void *destination, const void *source, size_t n) {
    vector tail[4];
    for (size_t i = 0; i < 4; i++) tail[i] = FROM(vector, source, n - 64 + i * 16);
    for (size_t at = 0; at < n - 64; at += 64) move_64(destination, source, at);
    for (size_t i = 0; i < 4; i++) AT(vector, destination, n - 64 + i * 16) = tail[i];
}

static void move_down_the_addresses(void *destination, const void *source, size_t n) {
    vector head[4];
    for (size_t i = 0; i < 4; i++) head[i] = FROM(vector, source, i * 16);
    for (size_t at = n - 64;; at -= 64) {
        move_64(destination, source, at);
        if (at < 64) break;
    }
    for (size_t i = 0; i < 4; i++) AT(vector, destination, i * 16) = head[i];
}

void *vitrine_move(void *destination, const void *source, size_t n) {
    if (n <= 32) {
        move_short(destination, source, n);
    } else if (n <= 64) {
        vector a = FROM(vector, source, 0), b = FROM(vector, source, 16);
        vector c = FROM(vector, source, n - 32), d = FROM(vector, source, n - 16);
        AT(vector, destination, 0) = a;
        AT(vector, destination, 16) = b;
        AT(vector, destination, n - 32) = c;
        AT(vector, destination, n - 16) = d;
    } else if ((uintptr_t)destination - (uintptr_t)source >= n) {
        move_up_the_addresses(destination, source, n);
    } else {
        move_down_the_addresses(destination, source, n);
    }
    return destination;
}

void *vitrine_copy(void *restrict destination, const void *restrict source, size_t n) {
    return vitrine_move(destination, source, n);
}

void *vitrine_fill(void *destination, int byte, size_t n) {
    uint64_t word = 0x0101010101010101ull * (uint8_t)byte;
    if (n >= 16) {
        typedef uint64_t pair __attribute__((vector_size(16)));
        vector filled = (vector)(pair){word, word};
        for (size_t at = 0; at + 64 <= n; at += 64) {
            AT(vector, destination, at) = filled;
            AT(vector, destination, at + 16) = filled;
            AT(vector, destination, at + 32) = filled;
            AT(vector, destination, at + 48) = filled;
        }
        for (size_t at = n & ~(size_t)63; at + 16 <= n; at += 16) AT(vector, destination, at) = filled;
        AT(vector, destination, n - 16) = filled;
    } else if (n >= 8) {
        AT(word64, destination, 0) = word;
        AT(word64, destination, n - 8) = word;
    } else if (n >= 4) {
        AT(word32, destination, 0) = (uint32_t)word;
        AT(word32, destination, n - 4) = (uint32_t)word;
    } else if (n >= 2) {
        AT(word16, destination, 0) = (uint16_t)word;
        AT(word16, destination, n - 2) = (uint16_t)word;
    } else if (n == 1) {
        *(uint8_t *)destination = (uint8_t)byte;
    }
    return destination;
}

int vitrine_compare(const void *left, const void *right, size_t n) {
    size_t at = 0;
    while (n - at >= 8 && FROM(word64, left, at) == FROM(word64, right, at)) at += 8;
    for (; at < n; at++) {
        int difference = FROM(uint8_t, left, at) - FROM(uint8_t, right, at);
        if (difference != 0) return difference;
    }
    return 0;
}

#if !__STDC_HOSTED__
#define ALIAS(name) __attribute__((alias(name)))
void *memcpy(void *restrict destination, const void *restrict source, size_t n) ALIAS("vitrine_copy");
void *memmove(void *destination, const void *source, size_t n) ALIAS("vitrine_move");
void *memset(void *destination, int byte, size_t n) ALIAS("vitrine_fill");
int memcmp(const void *left, const void *right, size_t n) ALIAS("vitrine_compare");
int bcmp(const void *left, const void *right, size_t n) ALIAS("vitrine_compare");

size_t strlen(const char *text) {
    size_t byte_count = 0;
    while (*(const volatile char *)(text + byte_count) != 0) byte_count++;
    return byte_count;
}
#endif
