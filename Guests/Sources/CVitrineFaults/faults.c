// SPDX-License-Identifier: MIT OR Apache-2.0
#include "faults.h"

#include <vitrine_guest.h>

void fault_spin(void) {
    for (;;) __asm__ volatile("pause");
}

void fault_divide_by_zero(void) {
    __asm__ volatile("xorl %%ecx, %%ecx\n\tidivl %%ecx" : : : "rax", "rcx", "rdx", "cc");
}

void fault_undefined_instruction(void) { __asm__ volatile("ud2"); }

void fault_int3(void) { __asm__ volatile("int3"); }

void fault_halt(void) { __asm__ volatile("hlt"); }

void fault_read(uint64_t address) { (void)*(volatile uint8_t *)address; }

void fault_write_control_page(void) { *(volatile uint64_t *)vitrine_control_page = 0; }

void fault_write_code(void) { *(volatile uint8_t *)fault_write_code = 0x90; }

void fault_execute_data(void) {
    static uint8_t code[16] = {0xC3};  // ret
    __asm__ volatile("call *%0" : : "r"(&code[0]) : "memory");
}

void fault_out(uint16_t port) { __asm__ volatile("outb %%al, %%dx" : : "a"(0), "d"(port) : "memory"); }

void fault_in(uint16_t port) {
    uint8_t value;
    __asm__ volatile("inb %%dx, %%al" : "=a"(value) : "d"(port) : "memory");
}

int64_t fault_use_stack(void) {
    volatile uint8_t page[4096];
    page[0] = 0;
    return page[0];
}

int64_t fault_zero(void) {
    static volatile int64_t zero = 0;
    return zero;
}
