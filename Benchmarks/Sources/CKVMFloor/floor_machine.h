// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What the floor's two C files share.
#ifndef FLOOR_MACHINE_H
#define FLOOR_MACHINE_H

#include <linux/kvm.h>
#include <stdatomic.h>
#include <sys/types.h>

#include "kvm_floor.h"

struct kvm_floor {
    int vm;
    int vcpu;
    struct kvm_run *run;
    size_t run_byte_count;
    uint8_t *memory;
    size_t byte_count;
    _Atomic pid_t spinning_thread;  // 0: nobody spins
};

// Runs until the guest rings `port`; -ENOEXEC for any other exit.
int floor_run_to(kvm_floor *floor, uint16_t port);

#endif
