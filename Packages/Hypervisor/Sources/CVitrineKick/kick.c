// SPDX-License-Identifier: MIT OR Apache-2.0
#define _GNU_SOURCE
#include "vitrine_kick.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#define SIGNAL_COUNT 65

#define THREAD_LOCAL _Thread_local __attribute__((tls_model("initial-exec")))

THREAD_LOCAL struct vitrine_kick_thread_state vitrine_kick_state;
static THREAD_LOCAL timer_t kick_timer;
static THREAD_LOCAL bool kick_timer_exists;

// Its address in a signal's value tells our kicks from other users of the same number.
static char kick_cookie;
static struct sigaction earlier[SIGNAL_COUNT];
static int kick_signal;
static pthread_once_t kick_once = PTHREAD_ONCE_INIT;
static pthread_key_t kick_timer_key;

static void on_kick(int number, siginfo_t *info, void *context) {
    if ((info->si_code == SI_QUEUE || info->si_code == SI_TIMER) && info->si_value.sival_ptr == &kick_cookie) {
        struct vitrine_kick_thread_state *state = &vitrine_kick_state;
        for (int depth = state->depth - 1; depth >= 0; depth--) *state->bytes[depth] = 1;
        return;
    }
    const struct sigaction *previous = &earlier[number];
    if (previous->sa_flags & SA_SIGINFO) {
        if (previous->sa_sigaction) previous->sa_sigaction(number, info, context);
    } else if (previous->sa_handler != SIG_DFL && previous->sa_handler != SIG_IGN) {
        previous->sa_handler(number);
    }
}

int vitrine_kick_choose(int low, int high) {
    for (int number = low; number <= high; number++) {
        struct sigaction current;
        if (sigaction(number, NULL, &current) != 0) continue;
        if (!(current.sa_flags & SA_SIGINFO) && current.sa_handler == SIG_DFL) return number;
    }
    return high;
}

int vitrine_kick_install(int number) {
    if (number <= 0 || number >= SIGNAL_COUNT) return -EINVAL;
    struct sigaction action, previous;
    if (sigaction(number, NULL, &previous) != 0) return -errno;
    if ((previous.sa_flags & SA_SIGINFO) && previous.sa_sigaction == on_kick) return 0;
    // Before our handler is in place, so that it never chains to nothing.
    earlier[number] = previous;
    memset(&action, 0, sizeof action);
    action.sa_sigaction = on_kick;
    action.sa_flags = SA_SIGINFO | SA_RESTART | SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    return sigaction(number, &action, NULL) == 0 ? 0 : -errno;
}

static void delete_timer(void *unused) {
    (void)unused;
    if (kick_timer_exists) timer_delete(kick_timer);
    kick_timer_exists = false;
}

static void prepare(void) {
    int failure = pthread_key_create(&kick_timer_key, delete_timer);
    if (failure != 0) {
        kick_signal = -failure;
        return;
    }
    // The first few are where other libraries look first.
    int number = vitrine_kick_choose(SIGRTMIN + 5, SIGRTMAX - 2);
    int result = vitrine_kick_install(number);
    kick_signal = result < 0 ? result : number;
}

int vitrine_kick_prepare(void) {
    pthread_once(&kick_once, prepare);
    return kick_signal;
}


int32_t vitrine_kick_thread(void) { return (int32_t)syscall(SYS_gettid); }

static int create_timer(void) {
    struct sigevent event;
    memset(&event, 0, sizeof event);
    event.sigev_notify = SIGEV_THREAD_ID;
    event.sigev_signo = kick_signal;
    event.sigev_value.sival_ptr = &kick_cookie;
    event._sigev_un._tid = vitrine_kick_state.thread;
    if (timer_create(CLOCK_MONOTONIC, &event, &kick_timer) != 0) return -errno;
    int failure = pthread_setspecific(kick_timer_key, &kick_cookie);
    if (failure != 0) {
        timer_delete(kick_timer);
        return -failure;
    }
    kick_timer_exists = true;
    return 0;
}

static int arm(uint64_t deadline) {
    if (!kick_timer_exists) {
        int result = create_timer();
        if (result < 0) return result;
    }
    struct itimerspec when;
    memset(&when, 0, sizeof when);
    when.it_value.tv_sec = (time_t)(deadline / 1000000000u);
    when.it_value.tv_nsec = (long)(deadline % 1000000000u);
    return timer_settime(kick_timer, TIMER_ABSTIME, &when, NULL) == 0 ? 0 : -errno;
}

static void disarm(void) {
    struct itimerspec never;
    memset(&never, 0, sizeof never);
    timer_settime(kick_timer, 0, &never, NULL);
}

// The threads of libdispatch, and so of Swift's concurrency, are born with all signals blocked. Once is enough.
static int prepare_thread(void) {
    int number = vitrine_kick_prepare();
    if (number < 0) return number;
    sigset_t kick;
    sigemptyset(&kick);
    sigaddset(&kick, number);
    int failure = pthread_sigmask(SIG_UNBLOCK, &kick, NULL);
    if (failure != 0) return -failure;
    vitrine_kick_state.thread = vitrine_kick_thread();
    return 0;
}

int32_t vitrine_kick_enter_slowly(volatile uint8_t *byte, uint64_t deadline) {
    struct vitrine_kick_thread_state *state = &vitrine_kick_state;
    int depth = state->depth;
    if (depth >= VITRINE_KICK_DEPTH) return -EAGAIN;
    if (state->thread == 0) {
        int result = prepare_thread();
        if (result < 0) return result;
    }
    state->bytes[depth] = byte;
    state->deadlines[depth] = deadline;
    atomic_signal_fence(memory_order_seq_cst);
    state->depth = depth + 1;
    if (deadline == 0) return state->thread;
    int result = arm(deadline);
    if (result < 0) {
        state->depth = depth;
        return result;
    }
    return state->thread;
}

void vitrine_kick_rearm(void) {
    struct vitrine_kick_thread_state *state = &vitrine_kick_state;
    int depth = state->depth;
    if (depth > 0 && state->deadlines[depth - 1] != 0) arm(state->deadlines[depth - 1]);
}

void vitrine_kick_leave_slowly(void) {
    struct vitrine_kick_thread_state *state = &vitrine_kick_state;
    int depth = state->depth - 1;
    if (depth < 0) return;
    // A kick that is pending is delivered by the time this call returns, still to the run it was meant for.
    if (state->deadlines[depth] != 0) disarm();
    state->depth = depth;
    atomic_signal_fence(memory_order_seq_cst);
    vitrine_kick_rearm();
}

int vitrine_kick_send(int32_t thread) {
    siginfo_t info;
    memset(&info, 0, sizeof info);
    info.si_signo = kick_signal;
    info.si_code = SI_QUEUE;
    info.si_pid = getpid();
    info.si_uid = getuid();
    info.si_value.sival_ptr = &kick_cookie;
    for (int attempt = 0;; attempt++) {
        if (syscall(SYS_rt_tgsigqueueinfo, info.si_pid, thread, kick_signal, &info) == 0) return 0;
        // The queue of pending signals is full: they go away as their threads run.
        if (errno != EAGAIN || attempt == 1000) return -errno;
        struct timespec pause = {0, 10000};
        nanosleep(&pause, NULL);
    }
}
