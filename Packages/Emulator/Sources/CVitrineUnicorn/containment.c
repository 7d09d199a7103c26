// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Unicorn's translator calls abort() for some code that a CPU finds undefined (2.0.1: a LOCK prefix on `cmp`, `cmps`,
// and on `bt` and its kin with a register), and it divides the least 64-bit integer by -1 when a guest's 32-bit
// `idiv` does. A guest must not end the host process by that: while a thread is inside Unicorn, SIGABRT and SIGFPE of
// that thread lead back out of it. Everywhere else the signals do what they did before.
#define _GNU_SOURCE
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stddef.h>
#include <string.h>

#include "machine.h"

enum { ABORT, ARITHMETIC, SIGNAL_COUNT };

static const int signals[SIGNAL_COUNT] = {[ABORT] = SIGABRT, [ARITHMETIC] = SIGFPE};

// initial-exec: the handler may not enter the lazy allocator of thread-local storage.
static _Thread_local __attribute__((tls_model("initial-exec"))) sigjmp_buf *volatile way_out;

static struct sigaction earlier[SIGNAL_COUNT];
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void on_signal(int number, siginfo_t *info, void *context) {
    sigjmp_buf *target = way_out;
    // A positive code is the kernel's, for what this thread has just done; abort() sends the signal to its own thread.
    if (target != NULL && (info->si_code > 0 || info->si_code == SI_TKILL)) {
        way_out = NULL;
        siglongjmp(*target, 1);
    }
    const struct sigaction *before = &earlier[number == SIGABRT ? ABORT : ARITHMETIC];
    if (before->sa_flags & SA_SIGINFO) {
        if (before->sa_sigaction != NULL) before->sa_sigaction(number, info, context);
    } else if (before->sa_handler == SIG_DFL) {
        signal(number, SIG_DFL);
        raise(number);
    } else if (before->sa_handler != SIG_IGN) {
        before->sa_handler(number);
    }
}

static void install(void) {
    for (int index = 0; index < SIGNAL_COUNT; index++) {
        struct sigaction action;
        if (sigaction(signals[index], NULL, &earlier[index]) != 0) continue;
        memset(&action, 0, sizeof action);
        action.sa_sigaction = on_signal;
        // The handler may not return to the interrupted code, so it must leave the signal mask alone.
        action.sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER;
        sigemptyset(&action.sa_mask);
        sigaction(signals[index], &action, NULL);
    }
}

void vitrine_unicorn_prepare_containment(void) { pthread_once(&once, install); }

bool vitrine_unicorn_run(uc_engine *engine, uint64_t address, uc_err *error) {
    sigjmp_buf here;
    if (sigsetjmp(here, 0) != 0) return false;
    way_out = &here;
    *error = uc_emu_start(engine, address, 0, 0, 0);
    way_out = NULL;
    return true;
}
