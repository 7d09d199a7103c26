// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What Swift cannot import of <linux/kvm.h>: request numbers made by macros, the variadic ioctl, and structures that
// end in a flexible array. Every call returns -errno on failure.
#ifndef VITRINE_KVM_H
#define VITRINE_KVM_H

#include <errno.h>
#include <fcntl.h>
#include <linux/kvm.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>

static const unsigned long vitrine_kvm_get_api_version = KVM_GET_API_VERSION;
static const unsigned long vitrine_kvm_create_vm = KVM_CREATE_VM;
static const unsigned long vitrine_kvm_check_extension = KVM_CHECK_EXTENSION;
static const unsigned long vitrine_kvm_get_vcpu_mmap_size = KVM_GET_VCPU_MMAP_SIZE;
static const unsigned long vitrine_kvm_set_user_memory_region = KVM_SET_USER_MEMORY_REGION;
static const unsigned long vitrine_kvm_create_vcpu = KVM_CREATE_VCPU;
static const unsigned long vitrine_kvm_get_regs = KVM_GET_REGS;
static const unsigned long vitrine_kvm_set_regs = KVM_SET_REGS;
static const unsigned long vitrine_kvm_get_sregs = KVM_GET_SREGS;
static const unsigned long vitrine_kvm_set_sregs = KVM_SET_SREGS;
static const unsigned long vitrine_kvm_set_xcrs = KVM_SET_XCRS;
static const unsigned long vitrine_kvm_get_tsc_khz = KVM_GET_TSC_KHZ;
static const unsigned long vitrine_kvm_get_supported_cpuid = KVM_GET_SUPPORTED_CPUID;
static const unsigned long vitrine_kvm_set_cpuid2 = KVM_SET_CPUID2;
static const unsigned long vitrine_kvm_get_msrs = KVM_GET_MSRS;
static const unsigned long vitrine_kvm_set_msrs = KVM_SET_MSRS;

// More entries than any kernel reports (KVM_MAX_CPUID_ENTRIES).
#define VITRINE_KVM_CPUID_CAPACITY 256

// struct kvm_cpuid2 with room for its entries.
typedef struct vitrine_kvm_cpuid {
    uint32_t count;
    uint32_t padding;
    struct kvm_cpuid_entry2 entries[VITRINE_KVM_CPUID_CAPACITY];
} vitrine_kvm_cpuid;

_Static_assert(sizeof(vitrine_kvm_cpuid) == sizeof(struct kvm_cpuid2) +
               VITRINE_KVM_CPUID_CAPACITY * sizeof(struct kvm_cpuid_entry2), "layout of struct kvm_cpuid2");

// struct kvm_msrs with room for four.
typedef struct vitrine_kvm_msrs {
    uint32_t count;
    uint32_t padding;
    struct kvm_msr_entry entries[4];
} vitrine_kvm_msrs;

_Static_assert(sizeof(vitrine_kvm_msrs) == sizeof(struct kvm_msrs) + 4 * sizeof(struct kvm_msr_entry),
               "layout of struct kvm_msrs");

static inline int vitrine_kvm_open(void) {
    int descriptor = open("/dev/kvm", O_RDWR | O_CLOEXEC);
    return descriptor < 0 ? -errno : descriptor;
}

static inline int vitrine_kvm_ioctl(int descriptor, unsigned long request, unsigned long argument) {
    int result = ioctl(descriptor, request, argument);
    return result < 0 ? -errno : result;
}

static inline int vitrine_kvm_ioctl_pointer(int descriptor, unsigned long request, void *argument) {
    int result = ioctl(descriptor, request, argument);
    return result < 0 ? -errno : result;
}

// Runs the vCPU. The system call itself, not the C library's wrapper: that lies in two pages of its own, which are cold
// at every entry and exit.
static inline int vitrine_kvm_enter(int vcpu) {
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"((long)SYS_ioctl), "D"((long)vcpu), "S"((long)KVM_RUN), "d"(0L)
                     : "rcx", "r11", "memory");
    return (int)result;
}

// The synced special and general registers of a vCPU's shared page (KVM_CAP_SYNC_REGS): loaded by the next KVM_RUN.
static inline void vitrine_kvm_sync(struct kvm_run *run, const struct kvm_regs *regs, const struct kvm_sregs *sregs) {
    run->s.regs.regs = *regs;
    run->s.regs.sregs = *sregs;
    run->kvm_valid_regs = 0;
    run->kvm_dirty_regs = KVM_SYNC_X86_REGS | KVM_SYNC_X86_SREGS;
}

#endif
