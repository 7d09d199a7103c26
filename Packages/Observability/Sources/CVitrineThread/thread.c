// SPDX-License-Identifier: MIT OR Apache-2.0

#define _GNU_SOURCE
#include "vitrine_thread.h"

#include <errno.h>
#include <linux/membarrier.h>
#include <sys/syscall.h>
#include <unistd.h>

_Thread_local struct vitrine_thread_slots vitrine_thread_slots __attribute__((tls_model("initial-exec")));

static int membarrier(int command) { return (int)syscall(SYS_membarrier, command, 0, 0); }

int vitrine_process_fence(void) {
    // Registering is per process, cheap when done, and inherited by fork.
    if (membarrier(MEMBARRIER_CMD_REGISTER_PRIVATE_EXPEDITED) != 0) return -errno;
    return membarrier(MEMBARRIER_CMD_PRIVATE_EXPEDITED) == 0 ? 0 : -errno;
}
