// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What Unicorn calls while the guest runs. Each callback is total: it records, and asks the CPU to stop when the
// guest is to go on later only at the beginning of a block: asked anywhere else, Unicorn leaves the block behind its
// next memory access with the RIP of its beginning, and what has run would run again. What a block still does behind
// a port write is queued (more port writes) or ignored (after a final event).
#include <string.h>

#include "machine.h"

#define REGISTER_COUNT 18

// In the order of vitrine_emulator_registers.
static const int register_ids[REGISTER_COUNT] = {
    UC_X86_REG_RAX, UC_X86_REG_RBX, UC_X86_REG_RCX, UC_X86_REG_RDX, UC_X86_REG_RSI, UC_X86_REG_RDI,
    UC_X86_REG_RSP, UC_X86_REG_RBP, UC_X86_REG_R8,  UC_X86_REG_R9,  UC_X86_REG_R10, UC_X86_REG_R11,
    UC_X86_REG_R12, UC_X86_REG_R13, UC_X86_REG_R14, UC_X86_REG_R15, UC_X86_REG_RIP, UC_X86_REG_RFLAGS,
};

_Static_assert(sizeof(vitrine_emulator_registers) == REGISTER_COUNT * sizeof(uint64_t), "one word each");

void vitrine_unicorn_read_registers(uc_engine *engine, vitrine_emulator_registers *registers) {
    uint64_t values[REGISTER_COUNT] = {0};
    for (int index = 0; index < REGISTER_COUNT; index++) uc_reg_read(engine, register_ids[index], &values[index]);
    memcpy(registers, values, sizeof values);
}

// Begins the final event; NULL when there is one already.
static vitrine_emulator_event *begin_final(struct vitrine_emulator *machine, uint32_t kind, uint32_t number) {
    uc_emu_stop(machine->engine);
    vitrine_emulator_event *event = &machine->final;
    if (event->kind != 0) return NULL;
    event->kind = kind;
    event->number = number;
    vitrine_unicorn_read_registers(machine->engine, &event->registers);
    return event;
}

static void on_block(uc_engine *engine, uint64_t address, uint32_t size, void *context) {
    (void)size;
    struct vitrine_emulator *machine = context;
    machine->block_address = address;
    machine->port_access_index = 0;
    if (__builtin_expect(machine->kick != 0 || machine->queue_count != 0, 0)) uc_emu_stop(engine);
}

static void refuse_port(struct vitrine_emulator *machine, uint32_t port, int size, bool is_write) {
    vitrine_emulator_event *event = begin_final(machine, VITRINE_EMULATOR_PORT_REFUSED, 0);
    if (event == NULL) return;
    event->port = port & 0xFFFF;
    event->port_byte_count = (uint32_t)size;
    event->port_is_write = is_write;
    event->port_access_index = machine->port_access_index;
    event->block_address = machine->block_address;
    event->registers.rip = 0;
}

static bool is_open(const struct vitrine_emulator *machine, uint32_t port) {
    return port < 256 && (machine->template->open_ports[port / 8] >> (port % 8) & 1) != 0;
}

static void on_out(uc_engine *engine, uint32_t port, int size, uint32_t value, void *context) {
    (void)engine;
    (void)value;
    struct vitrine_emulator *machine = context;
    machine->port_access_index++;
    if (machine->final.kind != 0) return;
    if (size != 1 || !is_open(machine, port) || machine->queue_count == PORT_QUEUE_LENGTH) {
        refuse_port(machine, port, size, true);
        return;
    }
    machine->queue[machine->queue_count++] = (uint16_t)port;
}

static uint32_t on_in(uc_engine *engine, uint32_t port, int size, void *context) {
    (void)engine;
    struct vitrine_emulator *machine = context;
    machine->port_access_index++;
    refuse_port(machine, port, size, false);
    return 0;
}

// Reads from a saved context what the interface does not tell.
static void add_details(struct vitrine_emulator *machine, vitrine_emulator_event *event) {
    if (uc_context_save(machine->engine, machine->scratch) != UC_ERR_OK) {
        event->kind = VITRINE_EMULATOR_UNEXPECTED;
        return;
    }
    const uint8_t *bytes = (const uint8_t *)machine->scratch;
    uint32_t code, is_interrupt;
    memcpy(&code, bytes + machine->template->error_code_offset, sizeof code);
    memcpy(&is_interrupt, bytes + machine->template->is_interrupt_offset, sizeof is_interrupt);
    event->error_code = code;
    if (is_interrupt != 0) event->kind = VITRINE_EMULATOR_INTERRUPT;
}

static void on_interrupt(uc_engine *engine, uint32_t vector, void *context) {
    vitrine_emulator_event *event = begin_final(context, VITRINE_EMULATOR_EXCEPTION, vector);
    if (event == NULL) return;
    uc_reg_read(engine, UC_X86_REG_CR2, &event->fault_address);
    add_details(context, event);
}

// Vector 6, by an undefined instruction or by `int $6`. Returning false makes Unicorn stop.
static bool on_undefined(uc_engine *engine, void *context) {
    (void)engine;
    vitrine_emulator_event *event = begin_final(context, VITRINE_EMULATOR_EXCEPTION, 6);
    if (event == NULL) return false;
    add_details(context, event);
    if (event->kind == VITRINE_EMULATOR_EXCEPTION) event->error_code = 0;
    return false;
}

// Unicorn would pass over `syscall`. EFER.SCE is off, so it is undefined.
static void on_syscall(uc_engine *engine, void *context) {
    (void)engine;
    begin_final(context, VITRINE_EMULATOR_EXCEPTION, 6);
}

// Never read nor written: no page table refers to it.
static uint8_t spare_page[PAGE_BYTES] __attribute__((aligned(PAGE_BYTES)));

// Unicorn asks for memory behind an address before it asks the page tables. Once it has some, the page tables raise the
// exact exception.
static bool on_unmapped(uc_engine *engine, uc_mem_type type, uint64_t address, int size, int64_t value, void *context) {
    (void)size;
    (void)value;
    struct vitrine_emulator *machine = context;
    bool is_data = type == UC_MEM_READ_UNMAPPED || type == UC_MEM_WRITE_UNMAPPED;
    if (machine->final.kind == 0 && is_data && !machine->has_spare_page) {
        uint64_t page = address & ~(uint64_t)(PAGE_BYTES - 1);
        machine->has_spare_page = uc_mem_map_ptr(engine, page, PAGE_BYTES, UC_PROT_ALL, spare_page) == UC_ERR_OK;
        if (machine->has_spare_page) return true;
    }
    begin_final(machine, VITRINE_EMULATOR_UNEXPECTED, UC_ERR_MAP);
    return false;
}

static uc_err add(struct vitrine_emulator *machine, int type, void *callback, int instruction) {
    uc_hook hook;
    return uc_hook_add(machine->engine, &hook, type, callback, machine, 1, 0, instruction);
}

uc_err vitrine_unicorn_add_hooks(struct vitrine_emulator *machine) {
    uc_err result = add(machine, UC_HOOK_BLOCK, (void *)on_block, 0);
    if (result == UC_ERR_OK) result = add(machine, UC_HOOK_INSN, (void *)on_out, UC_X86_INS_OUT);
    if (result == UC_ERR_OK) result = add(machine, UC_HOOK_INSN, (void *)on_in, UC_X86_INS_IN);
    if (result == UC_ERR_OK) result = add(machine, UC_HOOK_INSN, (void *)on_syscall, UC_X86_INS_SYSCALL);
    if (result == UC_ERR_OK) result = add(machine, UC_HOOK_INTR, (void *)on_interrupt, 0);
    if (result == UC_ERR_OK) result = add(machine, UC_HOOK_INSN_INVALID, (void *)on_undefined, 0);
    if (result == UC_ERR_OK) result = add(machine, UC_HOOK_MEM_INVALID, (void *)on_unmapped, 0);
    return result;
}
