// SPDX-License-Identifier: MIT OR Apache-2.0
//
// The raw-KVM floor: the least code that does a piece of Vitrine's work on /dev/kvm, to compare Vitrine with.
//
// One VM, one vCPU, long mode, guest code at CPL 3 with two ports opened by the TSS I/O bitmap; parameters and results
// pass through shared memory, a call is one KVM_RUN. There is no decoding, no checking, no telemetry, no isolation
// between pages that a real sandbox needs: nobody should use this, but nobody can be faster with the same hardware.
#ifndef KVM_FLOOR_H
#define KVM_FLOOR_H

#include <stddef.h>
#include <stdint.h>
#include <time.h>

// Bytes that fit into a copy.
#define KVM_FLOOR_COPY_LIMIT 0x200000u

typedef struct kvm_floor kvm_floor;

// Nanoseconds of CLOCK_MONOTONIC: the clock of every measurement here, about 30 ns a reading.
static inline uint64_t kvm_floor_now(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

// 0 if a VM can be made and run here, else -errno. (-ENOEXEC: it ran, but not as expected.)
int kvm_floor_probe(void);

// Makes a VM with `byte_count` bytes of memory (a multiple of 2 MiB, at least 6 MiB) and runs it until its guest waits
// for calls. Null on failure, with -errno in `error`.
kvm_floor *kvm_floor_create(size_t byte_count, int *error);

// Closes the VM and gives its memory back. Null is allowed.
void kvm_floor_destroy(kvm_floor *floor);

// Calls. Each returns 0 or -errno; -ENOEXEC for an exit that should not have happened.

// first + second, added by the guest.
int kvm_floor_add(kvm_floor *floor, int64_t first, int64_t second, int64_t *sum);

// The guest makes `count` host calls of (i, 3), is answered with the products, and returns their sum. `times` has room
// for `count` words: kvm_floor_now at the moment each host call arrives.
int kvm_floor_host_calls(kvm_floor *floor, int64_t count, uint64_t *times, int64_t *sum);

// Copies `input` into the guest, which copies it to its output buffer, and copies that to `output`.
int kvm_floor_copy(kvm_floor *floor, const void *input, void *output, size_t byte_count);

// Lets the guest spin until kvm_floor_stop (from another thread) or, if `deadline_ns` is not 0, until so many
// nanoseconds are over. 0 when it was stopped in one of these ways.
int kvm_floor_spin(kvm_floor *floor, uint64_t deadline_ns);

// Stops a spinning guest, from any thread: 1. Does nothing when it does not spin: 0.
int kvm_floor_stop(kvm_floor *floor);

#endif
