// SPDX-License-Identifier: MIT OR Apache-2.0
//
// What the sample guests do wrong on purpose, for both languages.
#ifndef VITRINE_FAULTS_H
#define VITRINE_FAULTS_H

#include <stdint.h>

void fault_spin(void);                    // never returns
void fault_divide_by_zero(void);          // #DE
void fault_undefined_instruction(void);   // #UD
void fault_int3(void);                    // #BP
void fault_halt(void);                    // #GP: hlt at CPL 3
void fault_read(uint64_t address);        // #PF unless mapped
void fault_write_control_page(void);      // #PF: read-only
void fault_write_code(void);              // #PF: read-only
void fault_execute_data(void);            // #PF: no execution
void fault_out(uint16_t port);            // #GP unless one of the ABI's ports
void fault_in(uint16_t port);             // #GP, or an exit that the host must refuse
int64_t fault_use_stack(void);            // 0, and touches a page of stack
int64_t fault_zero(void);                 // 0, which the compiler cannot see

#endif
