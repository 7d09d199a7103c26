// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Stops a vCPU from another thread or at a deadline: a real-time signal whose handler sets a byte that the vCPU loop
// watches (KVM: kvm_run.immediate_exit). All functions but the two that send or choose concern the calling thread.
#ifndef VITRINE_KICK_H
#define VITRINE_KICK_H

#include <stddef.h>
#include <stdint.h>
#include <time.h>
#include <x86intrin.h>

// Runs inside each other's exit handlers on one thread.
#define VITRINE_KICK_DEPTH 8

// Installs the handler once per process. Returns the signal's number or -errno.
int vitrine_kick_prepare(void);

// Picks a signal of low...high whose disposition is the default, or `high` when none is.
int vitrine_kick_choose(int low, int high);

// Installs the handler on a given signal, keeping the earlier disposition for signals that are not kicks. 0 or -errno.
int vitrine_kick_install(int signal_number);

// The calling thread's kernel id.
int32_t vitrine_kick_thread(void);

// From now on a kick of this thread sets `*byte`. With a deadline (CLOCK_MONOTONIC nanoseconds, 0: none) a timer kicks
// then, at once if it has passed. The first call on a thread unblocks the signal, which must stay so. Returns 0,
// -EAGAIN when nested too deep, or -errno of the timer.
int vitrine_kick_enter(volatile uint8_t *_Nonnull byte, uint64_t deadline);

// Arms the innermost run's timer again, when it has a deadline.
void vitrine_kick_rearm(void);

// Ends the innermost run on this thread; an outer run's deadline is armed again.
void vitrine_kick_leave(void);

// Kicks a thread of this process. 0 or -errno.
int vitrine_kick_send(int32_t thread);

// What `vitrine_software_backend` of a linked software CPU returns, else NULL.
void *_Nullable vitrine_linked_software_backend(void);

static inline uint64_t vitrine_monotonic_nanoseconds(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

// The CPU's time stamp, read after all earlier loads.
static inline uint64_t vitrine_host_ticks(void) {
    _mm_lfence();
    return __rdtsc();
}

#endif
