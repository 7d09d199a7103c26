// SPDX-License-Identifier: MIT OR Apache-2.0
#include "machine.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

// What Unicorn maps for translated code, read, write and execute, and cannot do without: its own failure path calls
// exit().
#define TRANSLATION_BYTES ((size_t)1 << 30)
#define SLACK_BYTES ((size_t)64 << 20)

int32_t vitrine_unicorn_open(uc_engine **engine) {
    void *space = mmap(NULL, TRANSLATION_BYTES + SLACK_BYTES, PROT_READ | PROT_WRITE | PROT_EXEC,
                       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (space == MAP_FAILED) return VITRINE_EMULATOR_NO_MEMORY;
    munmap(space, TRANSLATION_BYTES + SLACK_BYTES);
    uc_err error = uc_open(UC_ARCH_X86, UC_MODE_64, engine);
    if (error != UC_ERR_OK) return (int32_t)error;
    // No address to stop at. Else Unicorn asks the page tables for it after each run, which leaves a fault behind that
    // turns the guest's next one into a double fault.
    error = uc_ctl_exits_enable(*engine);
    if (error != UC_ERR_OK) uc_close(*engine);
    return (int32_t)error;
}

static uc_err write_register(uc_engine *engine, int id, uint64_t value) { return uc_reg_write(engine, id, &value); }

static uc_err write_table(uc_engine *engine, int id, uint64_t base, uint32_t limit, uint16_t selector, uint32_t flags) {
    uc_x86_mmr table = {.selector = selector, .base = base, .limit = limit, .flags = flags};
    return uc_reg_write(engine, id, &table);
}

static uc_err set_up(struct vitrine_emulator *machine, uint64_t stack_pointer, uint64_t argument) {
    const vitrine_emulator_setup *setup = &machine->template->setup;
    uc_engine *engine = machine->engine;
    // Brings CPL 3, its segments and EFER. Paging is still off.
    uc_err result = uc_context_restore(engine, machine->template->context);
    if (result == UC_ERR_OK) result = write_table(engine, UC_X86_REG_GDTR, setup->gdt, setup->gdt_limit, 0, 0);
    if (result == UC_ERR_OK) result = write_table(engine, UC_X86_REG_IDTR, setup->idt, setup->idt_limit, 0, 0);
    if (result == UC_ERR_OK)
        result = write_table(engine, UC_X86_REG_TR, setup->tss, setup->tss_limit, setup->task_state, 0x8B00);
    if (result == UC_ERR_OK) result = write_register(engine, UC_X86_REG_CR4, setup->cr4);
    if (result == UC_ERR_OK) result = write_register(engine, UC_X86_REG_CR3, setup->cr3);
    if (result == UC_ERR_OK) result = write_register(engine, UC_X86_REG_CR0, setup->cr0);
    if (result == UC_ERR_OK) result = write_register(engine, UC_X86_REG_RSP, stack_pointer);
    if (result == UC_ERR_OK) result = write_register(engine, UC_X86_REG_RDI, argument);
    return result;
}

int32_t vitrine_emulator_create(
    const vitrine_emulator_template *template, uint8_t *memory, uint64_t byte_count, uint64_t entry,
    uint64_t stack_pointer, uint64_t argument, vitrine_emulator **result) {
    vitrine_unicorn_prepare_containment();
    struct vitrine_emulator *machine = calloc(1, sizeof *machine);
    if (machine == NULL) return VITRINE_EMULATOR_NO_MEMORY;
    machine->template = template;
    machine->entry = entry;
    int32_t status = vitrine_unicorn_open(&machine->engine);
    if (status != 0) {
        free(machine);
        return status;
    }
    status = (int32_t)uc_mem_map_ptr(machine->engine, 0, byte_count, UC_PROT_ALL, memory);
    if (status == 0) status = (int32_t)uc_context_alloc(machine->engine, &machine->scratch);
    if (status == 0) status = (int32_t)set_up(machine, stack_pointer, argument);
    if (status == 0) status = (int32_t)vitrine_unicorn_add_hooks(machine);
    if (status != 0) {
        vitrine_emulator_destroy(machine);
        return status;
    }
    *result = machine;
    return 0;
}

void vitrine_emulator_destroy(vitrine_emulator *machine) {
    if (machine->scratch != NULL) uc_context_free(machine->scratch);
    uc_close(machine->engine);
    free(machine);
}

uint8_t *vitrine_emulator_kick_byte(vitrine_emulator *machine) { return (uint8_t *)&machine->kick; }

// The CPU has come back without an event: Unicorn has given up.
static void end_without_event(struct vitrine_emulator *machine, uc_err error) {
    vitrine_unicorn_read_registers(machine->engine, &machine->final.registers);
    machine->final.kind = VITRINE_EMULATOR_UNEXPECTED;
    machine->final.number = (uint32_t)error;
}

void vitrine_emulator_next(vitrine_emulator *machine, vitrine_emulator_event *event) {
    for (;;) {
        if (machine->queue_head < machine->queue_count) {
            event->kind = VITRINE_EMULATOR_PORT_WRITE;
            event->port = machine->queue[machine->queue_head++];
            return;
        }
        machine->queue_head = machine->queue_count = 0;
        if (machine->final.kind != 0) {
            *event = machine->final;
            return;
        }
        if (machine->kick != 0) {
            event->kind = VITRINE_EMULATOR_KICKED;
            return;
        }
        uint64_t address = machine->entry;
        if (machine->has_begun) uc_reg_read(machine->engine, UC_X86_REG_RIP, &address);
        machine->has_begun = true;
        uc_err error = UC_ERR_OK;
        if (!vitrine_unicorn_run(machine->engine, address, &error)) {
            // Nothing can be asked of the engine any more, its registers least of all.
            memset(&machine->final, 0, sizeof machine->final);
            machine->final.kind = VITRINE_EMULATOR_UNEXPECTED;
            machine->final.number = VITRINE_EMULATOR_FAILED;
            continue;
        }
        if (machine->final.kind != 0) continue;
        bool has_event = machine->queue_count != 0 || machine->kick != 0;
        if (error != UC_ERR_OK || !has_event) end_without_event(machine, error);
    }
}
