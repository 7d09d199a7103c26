// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Instructions that a guest should not execute, and registers it should not have.
#include "hostile.h"

void hostile_never_exits(vitrine_call *) { __asm__ volatile("1: jmp 1b"); }

void hostile_fault_without_stack(vitrine_call *) { __asm__ volatile("movl $8, %esp\n\tud2"); }
void hostile_push_without_stack(vitrine_call *) { __asm__ volatile("xorl %esp, %esp\n\tpushq %rax"); }
void hostile_stack_not_canonical(vitrine_call *) {
    __asm__ volatile("movabsq $0x8000000000000000, %rsp\n\tcall 1f\n1:");
}
void hostile_fault_again(vitrine_call *) {
    __asm__ volatile("movq %0, %%rsp\n\tpushq %%rax" : : "r"((uint64_t)vitrine_control_page + 64));
}

void hostile_jump_nowhere(vitrine_call *) {
    __asm__ volatile("movabsq $0x8000000000000000, %%rax\n\tjmp *%%rax" : : : "rax");
}
void hostile_jump_to_zero(vitrine_call *) { __asm__ volatile("xorl %%eax, %%eax\n\tcall *%%rax" : : : "rax"); }

void hostile_port_exception(vitrine_call *) { ring(VITRINE_PORT_EXCEPTION, 0); }
void hostile_port_wide(vitrine_call *) {
    __asm__ volatile("outl %%eax, %%dx" : : "a"(0), "d"((uint16_t)VITRINE_PORT_READY) : "memory");
}
void hostile_port_in(vitrine_call *) {
    __asm__ volatile("inb %%dx, %%al" : : "d"((uint16_t)VITRINE_PORT_READY) : "rax", "memory");
}
void hostile_port_string(vitrine_call *) {
    uint64_t count = 1000;
    const void *source = (const void *)vitrine_control_page;
    __asm__ volatile("rep outsb" : "+c"(count), "+S"(source) : "d"((uint16_t)VITRINE_PORT_READY) : "memory");
}
void hostile_port_odd(vitrine_call *) { ring(VITRINE_PORT_READY + 1, 0); }
void hostile_port_values(vitrine_call *) {
    for (int value = 0; value < 256; value++) ring(VITRINE_PORT_DRAIN, (uint8_t)value);
}

static void set_flags(uint64_t flags) {
    __asm__ volatile("pushfq\n\torq %0, (%%rsp)\n\tpopfq\n\tnop\n\tnop" : : "r"(flags) : "memory", "cc");
}
void hostile_single_step(vitrine_call *) { set_flags(1u << 8); }
void hostile_flags_wild(vitrine_call *) {
    // Rings as it is: the host must not run with the guest's flags. Then puts the direction back for its own sake.
    set_flags(1u << 10 | 1u << 18 | 1u << 21);
    ring(VITRINE_PORT_DRAIN, 0);
    __asm__ volatile("cld" ::: "cc");
}
void hostile_unmasked_float(vitrine_call *) {
    uint32_t control = 0;
    __asm__ volatile("ldmxcsr %0\n\txorps %%xmm0, %%xmm0\n\tmovaps %%xmm0, %%xmm1\n\tdivps %%xmm0, %%xmm1"
                     :
                     : "m"(control)
                     : "xmm0", "xmm1");
}

void hostile_privileged(vitrine_call *) { __asm__ volatile("movq %%rax, %%cr3" : : : "memory"); }
void hostile_model_register(vitrine_call *) {
    __asm__ volatile("movl $0xC0000080, %%ecx\n\trdmsr" : : : "rax", "rcx", "rdx");
}
void hostile_interrupt_flag(vitrine_call *) { __asm__ volatile("cli"); }
void hostile_syscall(vitrine_call *) { __asm__ volatile("syscall" : : : "rax", "rcx", "r11", "memory"); }
void hostile_software_interrupt(vitrine_call *) { __asm__ volatile("int $0x80" : : : "rax", "memory"); }
void hostile_hypervisor_call(vitrine_call *) { __asm__ volatile("vmcall" : : : "rax", "memory"); }
void hostile_segment_load(vitrine_call *) { __asm__ volatile("movl $0x10, %%eax\n\tmovw %%ax, %%ds" : : : "rax"); }

void hostile_page_tables(vitrine_call *) {
    for (uint64_t address = 0x1000; address < 0x1FF000; address += 4096) (void)*(volatile uint64_t *)address;
}

void hostile_registers_wild(vitrine_call *) {
    __asm__ volatile(
        "pushq %%rbp\n\tpushq %%rbx\n\tpushq %%r12\n\tpushq %%r13\n\tpushq %%r14\n\tpushq %%r15\n\t"
        "movq $-1, %%rbx\n\tmovq %%rbx, %%rcx\n\tmovq %%rbx, %%rdx\n\tmovq %%rbx, %%rsi\n\tmovq %%rbx, %%rbp\n\t"
        "movq %%rbx, %%r8\n\tmovq %%rbx, %%r9\n\tmovq %%rbx, %%r10\n\tmovq %%rbx, %%r11\n\tmovq %%rbx, %%r12\n\t"
        "movq %%rbx, %%r13\n\tmovq %%rbx, %%r14\n\tmovq %%rbx, %%r15\n\tmovq %%rbx, %%rax\n\t"
        "outb %%al, $0xE6\n\tjmp 1f\n1:\n\t"
        "popq %%r15\n\tpopq %%r14\n\tpopq %%r13\n\tpopq %%r12\n\tpopq %%rbx\n\tpopq %%rbp"
        :
        :
        : "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "memory", "cc");
}
