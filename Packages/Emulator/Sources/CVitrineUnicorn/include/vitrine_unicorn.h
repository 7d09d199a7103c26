// SPDX-License-Identifier: MIT OR Apache-2.0
//
// A guest CPU on Unicorn that behaves as Vitrine's machines do: long mode, CPL 3, the guest's own page tables, ports by
// a bitmap, exceptions with exact vector, error code, RIP and CR2. Everything Unicorn calls back is answered in here:
// a callback records an event and stops the CPU; no caller's code runs inside Unicorn.
#ifndef VITRINE_UNICORN_H
#define VITRINE_UNICORN_H

#include <stdbool.h>
#include <stdint.h>

// What the CPU is set up with. Addresses are guest physical; selectors carry their RPL.
typedef struct vitrine_emulator_setup {
    uint64_t gdt, idt, tss;
    uint64_t cr0, cr3, cr4, efer;
    uint32_t gdt_limit, idt_limit, tss_limit;
    uint16_t user_code, user_data, task_state;
    uint32_t open_port_count;
} vitrine_emulator_setup;

// Why vitrine_emulator_template_create failed, beside positive uc_err numbers.
#define VITRINE_EMULATOR_NO_NX (-1)              // this Unicorn cannot be made to honour NX
#define VITRINE_EMULATOR_NO_USER_MODE (-2)       // it does not reach CPL 3
#define VITRINE_EMULATOR_NO_FAULT_DETAILS (-3)   // the error code of a fault cannot be found
#define VITRINE_EMULATOR_NO_MEMORY (-4)          // address space or memory is missing
#define VITRINE_EMULATOR_BAD_SELECTOR (-5)       // the setup's selectors are not within 32 descriptors

// The state of a CPU that has just reached CPL 3 and how this Unicorn lays out what its interface does not tell.
typedef struct vitrine_emulator_template vitrine_emulator_template;

// Makes the template: once per process, some milliseconds. It is valid for ever and for all threads.
// `open_ports`: setup->open_port_count ports below 256 that take one byte of output.
int32_t vitrine_emulator_template_create(
    const vitrine_emulator_setup *_Nonnull setup, const uint16_t *_Nonnull open_ports,
    vitrine_emulator_template *_Nullable *_Nonnull result);

typedef struct vitrine_emulator vitrine_emulator;

// Makes a CPU over `byte_count` bytes of guest memory at `memory`, a multiple of 4096, which must outlive it. It will
// begin at `entry`. Returns 0, a uc_err, or VITRINE_EMULATOR_NO_MEMORY.
int32_t vitrine_emulator_create(
    const vitrine_emulator_template *_Nonnull template, uint8_t *_Nonnull memory, uint64_t byte_count,
    uint64_t entry, uint64_t stack_pointer, uint64_t argument, vitrine_emulator *_Nullable *_Nonnull result);

void vitrine_emulator_destroy(vitrine_emulator *_Nonnull machine);

// The byte the CPU watches between blocks of code: not 0 stops it. A signal handler on its thread may write it.
uint8_t *_Nonnull vitrine_emulator_kick_byte(vitrine_emulator *_Nonnull machine);

// Kinds of events.
#define VITRINE_EMULATOR_KICKED 1u         // the kick byte is set; goes on once it is reset
#define VITRINE_EMULATOR_PORT_WRITE 2u     // one byte to an open port; goes on behind it
#define VITRINE_EMULATOR_EXCEPTION 3u      // final
#define VITRINE_EMULATOR_PORT_REFUSED 4u   // any other port access; final
#define VITRINE_EMULATOR_INTERRUPT 5u      // `int n`, RIP behind it; final
#define VITRINE_EMULATOR_UNEXPECTED 6u     // Unicorn gave up, `number` is its uc_err; final

// The number of an unexpected event when Unicorn itself has failed, by abort() or SIGFPE; others are uc_err numbers.
#define VITRINE_EMULATOR_FAILED 0xFA11u

typedef struct vitrine_emulator_registers {
    uint64_t rax, rbx, rcx, rdx, rsi, rdi, rsp, rbp, r8, r9, r10, r11, r12, r13, r14, r15, rip, rflags;
} vitrine_emulator_registers;

typedef struct vitrine_emulator_event {
    uint32_t kind;
    uint32_t number;          // vector, or uc_err
    uint64_t error_code;      // of an exception
    uint64_t fault_address;   // CR2
    uint32_t port;
    uint32_t port_byte_count;
    bool port_is_write;
    // Unicorn does not tell where inside a block a port access is: the n-th (from 1) of the block at this address.
    uint32_t port_access_index;
    uint64_t block_address;
    vitrine_emulator_registers registers;  // of a refused port access without RIP (0)
} vitrine_emulator_event;

// Runs the guest to the next event. After a final one every call gives the same again.
void vitrine_emulator_next(vitrine_emulator *_Nonnull machine, vitrine_emulator_event *_Nonnull event);

#endif
