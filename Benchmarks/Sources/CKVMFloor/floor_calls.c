// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Calling into the floor's guest.
#define _GNU_SOURCE
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "floor_layout.h"
#include "floor_machine.h"

#ifndef sigev_notify_thread_id
#define sigev_notify_thread_id _sigev_un._tid
#endif

// Vitrine has a real-time signal of its own; the floor takes another one.
#define STOP_SIGNAL SIGUSR2

static uint64_t *word(kvm_floor *floor, uint64_t address) { return (uint64_t *)(void *)(floor->memory + address); }

int floor_run_to(kvm_floor *floor, uint16_t port) {
    if (ioctl(floor->vcpu, KVM_RUN, 0) < 0) return -errno;
    return floor->run->exit_reason == KVM_EXIT_IO && floor->run->io.port == port ? 0 : -ENOEXEC;
}

int kvm_floor_add(kvm_floor *floor, int64_t first, int64_t second, int64_t *sum) {
    *word(floor, FLOOR_OPERATION) = FLOOR_ADD;
    *word(floor, FLOOR_FIRST) = (uint64_t)first;
    *word(floor, FLOOR_SECOND) = (uint64_t)second;
    int error = floor_run_to(floor, FLOOR_PORT_READY);
    *sum = (int64_t)*word(floor, FLOOR_RESULT);
    return error;
}

int kvm_floor_host_calls(kvm_floor *floor, int64_t count, uint64_t *times, int64_t *sum) {
    *word(floor, FLOOR_OPERATION) = FLOOR_HOST_CALLS;
    *word(floor, FLOOR_FIRST) = (uint64_t)count;
    for (int64_t index = 0; index < count; index++) {
        int error = floor_run_to(floor, FLOOR_PORT_CALL_HOST);
        if (error) return error;
        times[index] = kvm_floor_now();
        *word(floor, FLOOR_REPLY) = *word(floor, FLOOR_FIRST) * *word(floor, FLOOR_SECOND);
    }
    int error = floor_run_to(floor, FLOOR_PORT_READY);
    *sum = (int64_t)*word(floor, FLOOR_RESULT);
    return error;
}

int kvm_floor_copy(kvm_floor *floor, const void *input, void *output, size_t byte_count) {
    if (byte_count > KVM_FLOOR_COPY_LIMIT) return -E2BIG;
    memcpy(floor->memory + FLOOR_INPUT, input, byte_count);
    *word(floor, FLOOR_OPERATION) = FLOOR_COPY;
    *word(floor, FLOOR_FIRST) = byte_count;
    int error = floor_run_to(floor, FLOOR_PORT_READY);
    memcpy(output, floor->memory + FLOOR_OUTPUT, byte_count);
    return error;
}

// The run page of the thread that spins: the handler asks its KVM_RUN, present or next, to return.
static _Thread_local struct kvm_run *volatile spinning_run;

static void on_stop(int signal) {
    (void)signal;
    struct kvm_run *run = spinning_run;
    if (run) run->immediate_exit = 1;
}

static void install_handler(void) {
    struct sigaction action = {.sa_handler = on_stop};
    sigaction(STOP_SIGNAL, &action, NULL);
}

static int start_timer(timer_t *timer, uint64_t nanoseconds) {
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = STOP_SIGNAL};
    event.sigev_notify_thread_id = (pid_t)syscall(SYS_gettid);
    if (timer_create(CLOCK_MONOTONIC, &event, timer) < 0) return -errno;
    struct itimerspec when = {.it_value = {.tv_sec = (time_t)(nanoseconds / 1000000000),
                                           .tv_nsec = (long)(nanoseconds % 1000000000)}};
    return timer_settime(*timer, 0, &when, NULL) < 0 ? -errno : 0;
}

int kvm_floor_spin(kvm_floor *floor, uint64_t deadline_ns) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, install_handler);
    // Worker threads of libdispatch block every signal they can.
    sigset_t stop, former;
    sigemptyset(&stop);
    sigaddset(&stop, STOP_SIGNAL);
    pthread_sigmask(SIG_UNBLOCK, &stop, &former);
    floor->run->immediate_exit = 0;
    spinning_run = floor->run;
    *word(floor, FLOOR_OPERATION) = FLOOR_SPIN;
    timer_t timer;
    int error = deadline_ns ? start_timer(&timer, deadline_ns) : 0;
    atomic_store(&floor->spinning_thread, (pid_t)syscall(SYS_gettid));
    if (!error) {
        int result = ioctl(floor->vcpu, KVM_RUN, 0);
        error = result < 0 && errno == EINTR ? 0 : -ENOEXEC;
    }
    atomic_store(&floor->spinning_thread, 0);
    spinning_run = NULL;
    if (deadline_ns) timer_delete(timer);
    pthread_sigmask(SIG_SETMASK, &former, NULL);
    floor->run->immediate_exit = 0;
    *word(floor, FLOOR_OPERATION) = 0;
    return error;
}

int kvm_floor_stop(kvm_floor *floor) {
    pid_t thread = atomic_load(&floor->spinning_thread);
    return thread && syscall(SYS_tgkill, getpid(), thread, STOP_SIGNAL) == 0;
}
