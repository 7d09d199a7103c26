// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The processor's counter of cycles, which Swift has no instruction for.
#ifndef VITRINE_CLOCK_H
#define VITRINE_CLOCK_H

#include <stdbool.h>
#include <stdint.h>

// The time stamp counter, not ordered with what is around it: it may be read some tens of nanoseconds early.
static inline uint64_t vitrine_cycle_count(void)
{
#if defined(__x86_64__)
    return __builtin_ia32_rdtsc();
#else
    return 0;
#endif
}

// Whether the counter runs evenly, and alike on all processors: the kernel, which watches it, keeps time by it. False where a
// reading would end the process, and on other processors than x86-64.
bool vitrine_cycles_are_steady(void);

// For the moment in which another thread is about to be ready.
static inline void vitrine_pause(void)
{
#if defined(__x86_64__)
    __builtin_ia32_pause();
#endif
}

#endif
