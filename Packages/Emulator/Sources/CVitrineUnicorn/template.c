// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Three things have no place in Unicorn's interface: reaching CPL 3 (only a real `iretq` does), EFER.NXE where the CPU
// model hides NX (2.0.1 hides it in every model), and the error code of an exception. The first is executed here. The
// other two are fields of a saved context, which is plain memory of documented size: each field is found by letting
// the CPU take values that are known, and nothing is assumed when not exactly one place shows them all.
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "machine.h"

#define MSR_EFER 0xC0000080u
#define CR0_PAGING 0x80000000ull

enum {
    SCRATCH_BYTES = 16 * PAGE_BYTES,
    TABLES = 0x1000,
    DESCRIPTORS = 0x5000,
    CODE = 0x6000,
    STACK = 0x7000,
    READ_ONLY = 0x8000,
    SUPERVISOR = 0x9000,
    ABSENT = 0xA000,
    TRIAL_COUNT = 8,
};

struct laboratory {
    uc_engine *engine;
    uint8_t *memory;
    const vitrine_emulator_setup *setup;
    uint32_t vector;
    uc_context *contexts[TRIAL_COUNT];
};

// What the guest does, from which address, and what a CPU then says.
static const struct trial {
    uint32_t start;
    uint8_t code[8];
    uint8_t byte_count;
    uint32_t vector, error_code, is_interrupt;
} trials[TRIAL_COUNT] = {
    {CODE + 0x100, {0x8B, 0x04, 0x25, 0x00, 0x00, 0x00, 0x00}, 7, 14, 0x04, 0},  // load, not present
    {CODE + 0x120, {0x8B, 0x04, 0x25, 0x00, 0x90, 0x00, 0x00}, 7, 14, 0x05, 0},  // load, supervisor
    {CODE + 0x140, {0x89, 0x04, 0x25, 0x00, 0xA0, 0x00, 0x00}, 7, 14, 0x06, 0},  // store, not present
    {CODE + 0x160, {0x89, 0x04, 0x25, 0x00, 0x80, 0x00, 0x00}, 7, 14, 0x07, 0},  // store, read-only
    {ABSENT, {0}, 0, 14, 0x14, 0},                                               // fetch, not present
    {STACK, {0}, 0, 14, 0x15, 0},                                                // fetch, NX
    {CODE + 0x180, {0xCC}, 1, 3, 0, 1},                                          // int3
    {CODE + 0x1A0, {0xCD, 0x80}, 2, 128, 0, 1},                                  // int $0x80
};

static void put(uint8_t *memory, uint32_t address, uint64_t value) { memcpy(memory + address, &value, sizeof value); }

static void stop_at_port(uc_engine *engine, uint32_t port, int size, uint32_t value, void *context) {
    (void)port, (void)size, (void)value, (void)context;
    uc_emu_stop(engine);
}

static void stop_at_exception(uc_engine *engine, uint32_t vector, void *context) {
    struct laboratory *laboratory = context;
    laboratory->vector = vector;
    uc_emu_stop(engine);
}

static uint64_t read_register(uc_engine *engine, int id) {
    uint64_t value = 0;
    uc_reg_read(engine, id, &value);
    return value;
}

static uc_err write_register(uc_engine *engine, int id, uint64_t value) { return uc_reg_write(engine, id, &value); }

static uint64_t read_efer(uc_engine *engine) {
    uc_x86_msr efer = {.rid = MSR_EFER, .value = 0};
    uc_reg_read(engine, UC_X86_REG_MSR, &efer);
    return efer.value;
}

static void write_efer(uc_engine *engine, uint64_t value) {
    uc_x86_msr efer = {.rid = MSR_EFER, .value = value};
    uc_reg_write(engine, UC_X86_REG_MSR, &efer);
}

static void write_scratch_memory(struct laboratory *laboratory) {
    uint8_t *memory = laboratory->memory;
    const uint64_t present = 1, writable = 2, user = 4, no_execute = 1ull << 63;
    for (uint32_t level = 0; level < 3; level++) {
        put(memory, TABLES + level * PAGE_BYTES, (TABLES + (level + 1) * PAGE_BYTES) | present | writable | user);
    }
    uint32_t table = TABLES + 3 * PAGE_BYTES;
    put(memory, table + CODE / PAGE_BYTES * 8, CODE | present | user);
    put(memory, table + STACK / PAGE_BYTES * 8, STACK | present | writable | user | no_execute);
    put(memory, table + READ_ONLY / PAGE_BYTES * 8, READ_ONLY | present | user | no_execute);
    put(memory, table + SUPERVISOR / PAGE_BYTES * 8, SUPERVISOR | present | no_execute);
    // Flat, accessed, DPL 3: data, and 64-bit code (Intel SDM volume 3, 3.4.5).
    put(memory, DESCRIPTORS + (laboratory->setup->user_data & ~7u), 0x00CFF3000000FFFFull);
    put(memory, DESCRIPTORS + (laboratory->setup->user_code & ~7u), 0x00AFFB000000FFFFull);
    // iretq; out %al, $0; 1: jmp 1b
    static const uint8_t entry[] = {0x48, 0xCF, 0xE6, 0x00, 0xEB, 0xFE};
    memcpy(memory + CODE, entry, sizeof entry);
    for (int index = 0; index < TRIAL_COUNT; index++) {
        if (trials[index].byte_count == 0) continue;
        memcpy(memory + trials[index].start, trials[index].code, trials[index].byte_count);
    }
}

static int32_t reach_user_mode(struct laboratory *laboratory) {
    uc_engine *engine = laboratory->engine;
    const vitrine_emulator_setup *setup = laboratory->setup;
    uint32_t frame = STACK + 0x800;
    const uint64_t words[5] = {CODE + 2, setup->user_code, 2, STACK + 0xF00, setup->user_data};
    memcpy(laboratory->memory + frame, words, sizeof words);
    uc_x86_mmr descriptors = {.base = DESCRIPTORS, .limit = 32 * 8 - 1};
    uc_err error = uc_reg_write(engine, UC_X86_REG_GDTR, &descriptors);
    if (error == UC_ERR_OK) error = write_register(engine, UC_X86_REG_CR4, setup->cr4);
    if (error == UC_ERR_OK) error = write_register(engine, UC_X86_REG_CR0, setup->cr0 & ~CR0_PAGING);
    if (error == UC_ERR_OK) error = write_register(engine, UC_X86_REG_RFLAGS, 2);
    if (error == UC_ERR_OK) error = write_register(engine, UC_X86_REG_RSP, frame);
    // What FNINIT and a reset leave (Intel SDM volume 3, table 9-1): exceptions masked, all x87 registers empty.
    if (error == UC_ERR_OK) error = write_register(engine, UC_X86_REG_MXCSR, 0x1F80);
    if (error == UC_ERR_OK) error = write_register(engine, UC_X86_REG_FPCW, 0x037F);
    if (error == UC_ERR_OK) error = write_register(engine, UC_X86_REG_FPTAG, 0xFFFF);
    if (error == UC_ERR_OK) error = uc_emu_start(engine, CODE, 0, 0, 0);
    if (error != UC_ERR_OK) return (int32_t)error;
    bool has_arrived = (read_register(engine, UC_X86_REG_CS) & 0xFFFF) == setup->user_code &&
                       read_register(engine, UC_X86_REG_RSP) == STACK + 0xF00 && laboratory->vector == 0;
    return has_arrived ? 0 : VITRINE_EMULATOR_NO_USER_MODE;
}

// Sets EFER through the interface, or else in a saved context.
static int32_t set_efer(struct laboratory *laboratory, uc_context *context) {
    uc_engine *engine = laboratory->engine;
    uint64_t wanted = laboratory->setup->efer, without_lme = 0x400, with_lme = 0x500;
    size_t byte_count = uc_context_size(engine), place = 0, count = 0;
    write_efer(engine, wanted);
    if (read_efer(engine) != wanted) {
        uc_context *other = laboratory->contexts[0];
        write_efer(engine, without_lme);
        bool is_saved = read_efer(engine) == without_lme && uc_context_save(engine, other) == UC_ERR_OK;
        write_efer(engine, with_lme);
        is_saved = is_saved && read_efer(engine) == with_lme && uc_context_save(engine, context) == UC_ERR_OK;
        if (!is_saved) return VITRINE_EMULATOR_NO_NX;
        for (size_t offset = 0; offset + 8 <= byte_count; offset += 8) {
            bool matches = memcmp((uint8_t *)other + offset, &without_lme, 8) == 0 &&
                           memcmp((uint8_t *)context + offset, &with_lme, 8) == 0;
            if (!matches) continue;
            place = offset;
            count++;
        }
        if (count != 1) return VITRINE_EMULATOR_NO_NX;
        memcpy((uint8_t *)context + place, &wanted, 8);
        if (uc_context_restore(engine, context) != UC_ERR_OK) return VITRINE_EMULATOR_NO_NX;
    }
    if (read_efer(engine) != wanted) return VITRINE_EMULATOR_NO_NX;
    return (int32_t)uc_context_save(engine, context);
}

// Runs every trial from the same state; each leaves its context.
static int32_t run_trials(struct laboratory *laboratory) {
    uc_engine *engine = laboratory->engine;
    uc_context *start = laboratory->contexts[TRIAL_COUNT - 1];
    uc_err error = write_register(engine, UC_X86_REG_CR3, TABLES);
    if (error == UC_ERR_OK) error = write_register(engine, UC_X86_REG_CR0, laboratory->setup->cr0);
    if (error == UC_ERR_OK) error = uc_context_save(engine, start);
    for (int index = 0; index < TRIAL_COUNT && error == UC_ERR_OK; index++) {
        laboratory->vector = ~0u;
        error = uc_context_restore(engine, start);
        if (error == UC_ERR_OK) error = uc_emu_start(engine, trials[index].start, 0, 0, 0);
        if (error == UC_ERR_OK && laboratory->vector != trials[index].vector) return VITRINE_EMULATOR_NO_FAULT_DETAILS;
        if (error == UC_ERR_OK) error = uc_context_save(engine, laboratory->contexts[index]);
    }
    return (int32_t)error;
}

// The one place where all contexts hold what the trials expect.
static bool find(struct laboratory *laboratory, bool wants_error_code, size_t *place) {
    size_t byte_count = uc_context_size(laboratory->engine), count = 0;
    for (size_t offset = 0; offset + 4 <= byte_count; offset += 4) {
        bool matches = true;
        for (int index = 0; index < TRIAL_COUNT && matches; index++) {
            uint32_t expected = wants_error_code ? trials[index].error_code : trials[index].is_interrupt;
            matches = memcmp((uint8_t *)laboratory->contexts[index] + offset, &expected, 4) == 0;
        }
        if (!matches) continue;
        *place = offset;
        count++;
    }
    return count == 1;
}

static int32_t study(struct laboratory *laboratory, vitrine_emulator_template *template) {
    uc_engine *engine = laboratory->engine;
    uc_hook hook;
    int32_t status = (int32_t)uc_mem_map_ptr(engine, 0, SCRATCH_BYTES, UC_PROT_ALL, laboratory->memory);
    if (status == 0)
        status = (int32_t)uc_hook_add(engine, &hook, UC_HOOK_INSN, (void *)stop_at_port, NULL, 1, 0, UC_X86_INS_OUT);
    if (status == 0)
        status = (int32_t)uc_hook_add(engine, &hook, UC_HOOK_INTR, (void *)stop_at_exception, laboratory, 1, 0);
    if (status == 0) status = (int32_t)uc_context_alloc(engine, &template->context);
    for (int index = 0; index < TRIAL_COUNT && status == 0; index++)
        status = (int32_t)uc_context_alloc(engine, &laboratory->contexts[index]);
    if (status == 0) status = reach_user_mode(laboratory);
    if (status == 0) status = set_efer(laboratory, template->context);
    if (status == 0) status = run_trials(laboratory);
    if (status != 0) return status;
    bool is_known = find(laboratory, true, &template->error_code_offset) &&
                    find(laboratory, false, &template->is_interrupt_offset);
    return is_known ? 0 : VITRINE_EMULATOR_NO_FAULT_DETAILS;
}

int32_t vitrine_emulator_template_create(
    const vitrine_emulator_setup *setup, const uint16_t *open_ports, vitrine_emulator_template **result) {
    if (setup->user_code >= 32 * 8 || setup->user_data >= 32 * 8) return VITRINE_EMULATOR_BAD_SELECTOR;
    struct laboratory laboratory = {.setup = setup};
    vitrine_emulator_template *template = calloc(1, sizeof *template);
    if (template == NULL) return VITRINE_EMULATOR_NO_MEMORY;
    template->setup = *setup;
    for (uint32_t index = 0; index < setup->open_port_count; index++) {
        uint16_t port = open_ports[index];
        if (port < 256) template->open_ports[port / 8] |= (uint8_t)(1u << (port % 8));
    }
    laboratory.memory = mmap(NULL, SCRATCH_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (laboratory.memory == MAP_FAILED) {
        free(template);
        return VITRINE_EMULATOR_NO_MEMORY;
    }
    write_scratch_memory(&laboratory);
    int32_t status = vitrine_unicorn_open(&laboratory.engine);
    if (status == 0) {
        status = study(&laboratory, template);
        for (int index = 0; index < TRIAL_COUNT; index++)
            if (laboratory.contexts[index] != NULL) uc_context_free(laboratory.contexts[index]);
        if (status != 0 && template->context != NULL) uc_context_free(template->context);
        uc_close(laboratory.engine);
    }
    munmap(laboratory.memory, SCRATCH_BYTES);
    if (status != 0) {
        free(template);
        return status;
    }
    *result = template;
    return 0;
}
