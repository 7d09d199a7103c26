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

// What the signal handler of a thread looks at: the bytes of its runs, innermost last.
struct vitrine_kick_thread_state {
    volatile uint8_t *_Nullable volatile bytes[VITRINE_KICK_DEPTH];
    uint64_t deadlines[VITRINE_KICK_DEPTH];
    volatile int depth;
    // The kernel's id of the thread; 0 until the handler is installed and the signal unblocked here.
    int32_t thread;
};

// initial-exec: the handler may not enter the lazy allocator of thread-local storage.
extern _Thread_local struct vitrine_kick_thread_state vitrine_kick_state __attribute__((tls_model("initial-exec")));

// The rare half of `vitrine_kick_enter`.
int32_t vitrine_kick_enter_slowly(volatile uint8_t *_Nonnull byte, uint64_t deadline);

// The rare half of `vitrine_kick_leave`.
void vitrine_kick_leave_slowly(void);

// From now on a kick of this thread sets `*byte`. With a deadline (CLOCK_MONOTONIC nanoseconds, 0: none) a timer kicks
// then, at once if it has passed. The first call on a thread installs the handler and unblocks the signal, which must
// stay so. Returns the thread's kernel id, -EAGAIN when nested too deep, or -errno of the handler or the timer.
static inline int32_t vitrine_kick_enter(volatile uint8_t *_Nonnull byte, uint64_t deadline) {
    struct vitrine_kick_thread_state *state = &vitrine_kick_state;
    if (deadline != 0 || state->thread == 0 || state->depth != 0) return vitrine_kick_enter_slowly(byte, deadline);
    state->bytes[0] = byte;
    state->deadlines[0] = 0;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    state->depth = 1;
    return state->thread;
}

// Arms the innermost run's timer again, when it has a deadline.
void vitrine_kick_rearm(void);

// Ends the innermost run on this thread; an outer run's deadline is armed again.
static inline void vitrine_kick_leave(void) {
    struct vitrine_kick_thread_state *state = &vitrine_kick_state;
    if (state->depth != 1 || state->deadlines[0] != 0) {
        vitrine_kick_leave_slowly();
        return;
    }
    state->depth = 0;
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
}

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
