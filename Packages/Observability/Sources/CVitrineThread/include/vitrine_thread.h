// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What belongs to one thread, one instruction away: Swift has no thread-local variables, and pthread_getspecific costs ten
// times as much on paths that take a few nanoseconds in all.
#ifndef VITRINE_THREAD_H
#define VITRINE_THREAD_H

#include <stdatomic.h>
#include <stdint.h>

struct vitrine_thread_slots {
    // What spans and events keep for the thread; null until first needed and after the thread's end began.
    void *_Nullable telemetry;
    // The cells the thread's metrics are added in; null likewise.
    void *_Nullable metrics;
};

// initial-exec: one load relative to the thread pointer, also in a shared library, which has to be there at the start.
extern _Thread_local struct vitrine_thread_slots vitrine_thread_slots __attribute__((tls_model("initial-exec")));

static inline void *_Nullable vitrine_thread_telemetry(void) { return vitrine_thread_slots.telemetry; }
static inline void vitrine_thread_set_telemetry(void *_Nullable state) { vitrine_thread_slots.telemetry = state; }

static inline void *_Nullable vitrine_thread_metrics(void) { return vitrine_thread_slots.metrics; }
static inline void vitrine_thread_set_metrics(void *_Nullable cells) { vitrine_thread_slots.metrics = cells; }

// Forbids the compiler, not the processor, to move memory accesses across: the cheap half of an asymmetric fence.
static inline void vitrine_compiler_fence(void) { atomic_signal_fence(memory_order_seq_cst); }

// The dear half: every thread of the process runs a full fence before this returns (membarrier, Linux 4.14).
// 0, or -errno where the kernel has none or forbids it.
int vitrine_process_fence(void);

#endif
