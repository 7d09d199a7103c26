// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What an exporter keeps for each thread, one instruction away.
#ifndef VITRINE_EXPORT_THREAD_H
#define VITRINE_EXPORT_THREAD_H

#include <stdbool.h>
#include <stdint.h>

struct vitrine_export_thread {
    // The intake that the thread wrote to last, 0 for none, and the thread's lane there.
    uint64_t intake;
    void *_Nullable lane;
    // All lanes of the thread; null until first needed, and in a child made by fork.
    void *_Nullable lanes;
    // Whether what the thread emits goes to no exporter.
    bool is_silent;
};

// initial-exec: one load relative to the thread pointer, also in a shared library, which has to be there at the start.
extern _Thread_local struct vitrine_export_thread vitrine_export_thread __attribute__((tls_model("initial-exec")));

// The thread's lane in an intake, if it wrote there last.
static inline void *_Nullable vitrine_export_lane(uint64_t intake)
{
    return vitrine_export_thread.intake == intake ? vitrine_export_thread.lane : 0;
}

static inline void vitrine_export_set_lane(uint64_t intake, void *_Nullable lane)
{
    vitrine_export_thread.intake = intake;
    vitrine_export_thread.lane = lane;
}

static inline void *_Nullable vitrine_export_lanes(void) { return vitrine_export_thread.lanes; }
static inline void vitrine_export_set_lanes(void *_Nullable lanes) { vitrine_export_thread.lanes = lanes; }

static inline bool vitrine_export_is_silent(void) { return vitrine_export_thread.is_silent; }
static inline void vitrine_export_set_silent(bool is_silent) { vitrine_export_thread.is_silent = is_silent; }

// Has every fork counted, and children begin without lanes. Called once, before the first lane is made; 0, or an errno.
int vitrine_export_watch_forks(void);
// How many forks there were between this process and the one that began to watch.
uint32_t vitrine_export_fork_count(void);

// Has the calling thread take its share of a processor when it is its turn, and not from whoever runs as it is woken: that is
// the thread that emits. 0, or an errno.
int vitrine_export_give_way(void);

#endif
