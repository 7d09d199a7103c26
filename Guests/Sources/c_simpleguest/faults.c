// SPDX-License-Identifier: MIT OR Apache-2.0
//
// Guest functions that end badly, each in one way. The host must survive them all.
#include <faults.h>
#include <vitrine_guest.h>

// Every level keeps a page of stack, so that the guard below it is reached soon.
__attribute__((noinline)) static int64_t descend(int64_t depth) {
    volatile uint8_t page[4096];
    page[depth % 4096] = (uint8_t)depth;
    if (fault_zero() != 0) return 0;
    return descend(depth + 1) + page[depth % 4096];
}

VITRINE_GUEST_FUNCTION(recurse, VITRINE_TYPE_VOID) { descend(0); }
VITRINE_GUEST_FUNCTION(spin, VITRINE_TYPE_VOID) { fault_spin(); }
VITRINE_GUEST_FUNCTION(trap, VITRINE_TYPE_VOID) { VITRINE_ASSERT(fault_zero() != 0); }
VITRINE_GUEST_FUNCTION(divide_by_zero, VITRINE_TYPE_VOID) { fault_divide_by_zero(); }
VITRINE_GUEST_FUNCTION(undefined_instruction, VITRINE_TYPE_VOID) { fault_undefined_instruction(); }
VITRINE_GUEST_FUNCTION(int3, VITRINE_TYPE_VOID) { fault_int3(); }
VITRINE_GUEST_FUNCTION(halt_instruction, VITRINE_TYPE_VOID) { fault_halt(); }
VITRINE_GUEST_FUNCTION(write_readonly, VITRINE_TYPE_VOID) { fault_write_control_page(); }
VITRINE_GUEST_FUNCTION(write_code, VITRINE_TYPE_VOID) { fault_write_code(); }
VITRINE_GUEST_FUNCTION(execute_data, VITRINE_TYPE_VOID) { fault_execute_data(); }

VITRINE_GUEST_FUNCTION(bad_pointer, VITRINE_TYPE_VOID, VITRINE_TYPE_UINT64) {
    fault_read(call->parameters[0].uint64);
}

VITRINE_GUEST_FUNCTION(out_port, VITRINE_TYPE_VOID, VITRINE_TYPE_INT32) {
    fault_out((uint16_t)call->parameters[0].int32);
}

VITRINE_GUEST_FUNCTION(in_port, VITRINE_TYPE_VOID, VITRINE_TYPE_INT32) {
    fault_in((uint16_t)call->parameters[0].int32);
}
