// SPDX-License-Identifier: MIT OR Apache-2.0
#ifndef VITRINE_UNICORN_MACHINE_H
#define VITRINE_UNICORN_MACHINE_H

#include <stddef.h>
#include <unicorn/unicorn.h>

#include "vitrine_unicorn.h"

#define PAGE_BYTES 4096u

// A block of translated code holds at most this many instructions (QEMU's TCG_MAX_INSNS), and so many port writes.
#define PORT_QUEUE_LENGTH 512u

struct vitrine_emulator_template {
    vitrine_emulator_setup setup;
    uint8_t open_ports[32];  // a set bit opens its port of 0...255
    uc_context *context;
    // Where a saved context holds what uc_reg_read does not tell, found by experiment.
    size_t error_code_offset;
    size_t is_interrupt_offset;
};

struct vitrine_emulator {
    uc_engine *engine;
    uc_context *scratch;
    const struct vitrine_emulator_template *template;
    volatile uint8_t kick;
    bool has_begun;
    bool has_spare_page;
    uint64_t entry;
    uint64_t block_address;
    uint32_t port_access_index;
    uint32_t queue_head, queue_count;
    uint16_t queue[PORT_QUEUE_LENGTH];
    vitrine_emulator_event final;  // kind 0: none yet
};

// An engine whose failure to allocate its translation buffer has been ruled out: Unicorn would end the process.
int32_t vitrine_unicorn_open(uc_engine **engine);

// Makes vitrine_unicorn_run safe; once per process.
void vitrine_unicorn_prepare_containment(void);

// uc_emu_start from an address. False when Unicorn has failed by a signal: the engine may then only be closed.
bool vitrine_unicorn_run(uc_engine *engine, uint64_t address, uc_err *error);

// Adds all callbacks of a machine to its engine.
uc_err vitrine_unicorn_add_hooks(struct vitrine_emulator *machine);

void vitrine_unicorn_read_registers(uc_engine *engine, vitrine_emulator_registers *registers);

#endif
