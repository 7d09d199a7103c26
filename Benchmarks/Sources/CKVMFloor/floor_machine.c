// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Making and closing the floor's VM.
#define _GNU_SOURCE
#include "floor_machine.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "floor_layout.h"

enum {
    huge_page = 0x200000,
    smallest_memory = 3 * huge_page,
    cpuid_entries = 256,
    // Selectors: Intel SDM volume 3, 3.4.2.
    kernel_code = 0x08,
    user_data = 0x20 | 3,
    user_code = 0x28 | 3,
    task_state = 0x30,
    // The 64-bit TSS is 104 bytes (SDM volume 3, 8.7); behind it the bitmap of ports 0...255 and its closing byte.
    tss_byte_count = 104,
    bitmap_byte_count = 32,
};

// Page-table bits: SDM volume 3, 4.5.
#define PRESENT 1ull
#define WRITABLE 2ull
#define USER 4ull
#define LARGE 0x80ull
#define NO_EXECUTE (1ull << 63)

extern const char floor_guest_begin[], floor_guest_end[];

// Per process: the device and the CPUID table, as any library would keep them.
static int device = -1;
static struct kvm_cpuid2 *cpuid;

static int open_device(void) {
    if (device < 0) {
        int opened = open("/dev/kvm", O_RDWR | O_CLOEXEC);
        if (opened < 0) return -errno;
        device = opened;
    }
    if (!cpuid) {
        struct kvm_cpuid2 *table = calloc(1, sizeof *table + cpuid_entries * sizeof(struct kvm_cpuid_entry2));
        if (!table) return -ENOMEM;
        table->nent = cpuid_entries;
        if (ioctl(device, KVM_GET_SUPPORTED_CPUID, table) < 0) {
            int error = -errno;
            free(table);
            return error;
        }
        cpuid = table;
    }
    return 0;
}

// Memory that begins at a multiple of 2 MiB, so that huge pages can back it.
static uint8_t *map_memory(size_t byte_count) {
    uint8_t *wide = mmap(NULL, byte_count + huge_page, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (wide == MAP_FAILED) return NULL;
    uint8_t *memory = (uint8_t *)(((uintptr_t)wide + huge_page - 1) & ~(uintptr_t)(huge_page - 1));
    if (memory > wide) munmap(wide, (size_t)(memory - wide));
    munmap(memory + byte_count, (size_t)(wide + huge_page - memory));
    madvise(memory + huge_page, byte_count - huge_page, MADV_HUGEPAGE);
    return memory;
}

static void put(uint8_t *memory, uint64_t address, uint64_t word) { memcpy(memory + address, &word, sizeof word); }

static void write_tables(uint8_t *memory, size_t byte_count) {
    put(memory, FLOOR_PML4, FLOOR_PDPT | PRESENT | WRITABLE | USER);
    put(memory, FLOOR_PDPT, FLOOR_PD | PRESENT | WRITABLE | USER);
    put(memory, FLOOR_PD, FLOOR_PT | PRESENT | WRITABLE | USER);
    put(memory, FLOOR_PT + 8 * (FLOOR_GDT >> 12), FLOOR_GDT | PRESENT | NO_EXECUTE);
    put(memory, FLOOR_PT + 8 * (FLOOR_TSS >> 12), FLOOR_TSS | PRESENT | WRITABLE | NO_EXECUTE);
    put(memory, FLOOR_PT + 8 * (FLOOR_CODE >> 12), FLOOR_CODE | PRESENT | USER);
    put(memory, FLOOR_PT + 8 * (FLOOR_MAILBOX >> 12), FLOOR_MAILBOX | PRESENT | WRITABLE | USER | NO_EXECUTE);
    for (uint64_t address = huge_page; address < byte_count; address += huge_page)
        put(memory, FLOOR_PD + 8 * (address / huge_page), address | PRESENT | WRITABLE | USER | LARGE | NO_EXECUTE);
    // Descriptors: SDM volume 3, 3.4.5 and 8.2.3.
    put(memory, FLOOR_GDT + kernel_code, 0x00af9b000000ffffull);
    put(memory, FLOOR_GDT + (user_data & ~3), 0x00cff3000000ffffull);
    put(memory, FLOOR_GDT + (user_code & ~3), 0x00affb000000ffffull);
    put(memory, FLOOR_GDT + task_state,
        (tss_byte_count + bitmap_byte_count) | (uint64_t)FLOOR_TSS << 16 | 0x8bull << 40);
    uint8_t *tss = memory + FLOOR_TSS;
    tss[102] = tss_byte_count;  // offset of the bitmap
    memset(tss + tss_byte_count, 0xff, bitmap_byte_count + 1);
    tss[tss_byte_count + FLOOR_PORT_READY / 8] &= (uint8_t)~(1 << FLOOR_PORT_READY % 8);
    tss[tss_byte_count + FLOOR_PORT_CALL_HOST / 8] &= (uint8_t)~(1 << FLOOR_PORT_CALL_HOST % 8);
    memcpy(memory + FLOOR_CODE, floor_guest_begin, (size_t)(floor_guest_end - floor_guest_begin));
}

static int set_registers(kvm_floor *floor) {
    struct kvm_sregs special;
    if (ioctl(floor->vcpu, KVM_GET_SREGS, &special) < 0) return -errno;
    special.cr0 = 0x80050033;                       // PG AM WP NE ET MP PE
    special.cr3 = FLOOR_PML4;
    special.cr4 = 1 << 5 | 1 << 9 | 1 << 10;        // PAE OSFXSR OSXMMEXCPT
    special.efer = 1 << 8 | 1 << 10 | 1 << 11;      // LME LMA NXE
    special.gdt.base = FLOOR_GDT;
    special.gdt.limit = 63;
    special.idt.limit = 0;  // an exception is a bug of the floor: it ends in a shutdown exit
    special.ldt = (struct kvm_segment){.unusable = 1};
    special.tr = (struct kvm_segment){.base = FLOOR_TSS, .limit = tss_byte_count + bitmap_byte_count,
                                      .selector = task_state, .type = 11, .present = 1};
    special.cs = (struct kvm_segment){.limit = 0xffffffff, .selector = user_code, .present = 1, .type = 11, .dpl = 3,
                                      .s = 1, .l = 1, .g = 1};
    struct kvm_segment data = {.limit = 0xffffffff, .selector = user_data, .present = 1, .type = 3, .dpl = 3,
                               .s = 1, .db = 1, .g = 1};
    special.ds = special.es = special.fs = special.gs = special.ss = data;
    if (ioctl(floor->vcpu, KVM_SET_SREGS, &special) < 0) return -errno;
    struct kvm_regs registers = {.rip = FLOOR_CODE, .rflags = 2};
    return ioctl(floor->vcpu, KVM_SET_REGS, &registers) < 0 ? -errno : 0;
}

static int build(kvm_floor *floor, size_t byte_count) {
    int error = open_device();
    if (error) return error;
    if ((floor->vm = ioctl(device, KVM_CREATE_VM, 0)) < 0) return -errno;
    if (!(floor->memory = map_memory(byte_count))) return -ENOMEM;
    struct kvm_userspace_memory_region region = {.memory_size = byte_count,
                                                 .userspace_addr = (uintptr_t)floor->memory};
    if (ioctl(floor->vm, KVM_SET_USER_MEMORY_REGION, &region) < 0) return -errno;
    if ((floor->vcpu = ioctl(floor->vm, KVM_CREATE_VCPU, 0)) < 0) return -errno;
    int run_byte_count = ioctl(device, KVM_GET_VCPU_MMAP_SIZE, 0);
    if (run_byte_count < 0) return -errno;
    void *run = mmap(NULL, (size_t)run_byte_count, PROT_READ | PROT_WRITE, MAP_SHARED, floor->vcpu, 0);
    if (run == MAP_FAILED) return -errno;
    floor->run = run;
    floor->run_byte_count = (size_t)run_byte_count;
    if (ioctl(floor->vcpu, KVM_SET_CPUID2, cpuid) < 0) return -errno;
    write_tables(floor->memory, byte_count);
    if ((error = set_registers(floor))) return error;
    return floor_run_to(floor, FLOOR_PORT_READY);
}

kvm_floor *kvm_floor_create(size_t byte_count, int *error) {
    *error = -EINVAL;
    if (byte_count < smallest_memory || byte_count % huge_page || byte_count > 512ull * huge_page) return NULL;
    kvm_floor *floor = calloc(1, sizeof *floor);
    *error = -ENOMEM;
    if (!floor) return NULL;
    floor->vm = floor->vcpu = -1;
    floor->byte_count = byte_count;
    if ((*error = build(floor, byte_count))) {
        kvm_floor_destroy(floor);
        return NULL;
    }
    return floor;
}

void kvm_floor_destroy(kvm_floor *floor) {
    if (!floor) return;
    if (floor->run) munmap(floor->run, floor->run_byte_count);
    if (floor->vcpu >= 0) close(floor->vcpu);
    if (floor->vm >= 0) close(floor->vm);
    if (floor->memory) munmap(floor->memory, floor->byte_count);
    free(floor);
}

int kvm_floor_probe(void) {
    int error;
    kvm_floor *floor = kvm_floor_create(smallest_memory, &error);
    if (!floor) return error;
    int64_t sum = 0;
    error = kvm_floor_add(floor, 40, 2, &sum);
    kvm_floor_destroy(floor);
    return error ? error : sum == 42 ? 0 : -ENOEXEC;
}
