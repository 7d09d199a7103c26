// SPDX-License-Identifier: MIT OR Apache-2.0

#define _GNU_SOURCE

#include "export_thread.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>

_Thread_local struct vitrine_export_thread vitrine_export_thread;

static _Atomic uint32_t fork_count;

// Runs on the only thread that a child has. The lanes stay allocated: they are its parent's, and so are their records.
static void did_fork(void)
{
    vitrine_export_thread = (struct vitrine_export_thread){0};
    atomic_fetch_add_explicit(&fork_count, 1, memory_order_relaxed);
}

int vitrine_export_watch_forks(void) { return pthread_atfork(0, 0, did_fork); }

uint32_t vitrine_export_fork_count(void) { return atomic_load_explicit(&fork_count, memory_order_relaxed); }

int vitrine_export_give_way(void)
{
    struct sched_param parameters = {0};
    return pthread_setschedparam(pthread_self(), SCHED_BATCH, &parameters);
}
