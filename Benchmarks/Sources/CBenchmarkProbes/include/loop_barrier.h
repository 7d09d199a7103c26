// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Keeps a loop a loop: the compiler has to make the value and forget what it knows of memory, once a turn. No instruction.
#ifndef LOOP_BARRIER_H
#define LOOP_BARRIER_H

#include <stdint.h>

static inline void loop_barrier(int64_t value) { __asm__ volatile("" : : "r"(value) : "memory"); }

#endif
