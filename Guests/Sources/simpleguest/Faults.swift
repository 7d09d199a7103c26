// SPDX-License-Identifier: MIT OR Apache-2.0

import CVitrineFaults
import VitrineGuest

/// Functions that end badly, each in one way. The host must survive them all. What Swift cannot do is done in C.
func registerFaults() {
    GuestFunction.register("recurse") { _ = descend(0) }
    GuestFunction.register("spin") { fault_spin() }
    GuestFunction.register("trap") { guestAssert(zero() != 0, "asked to trap") }
    GuestFunction.register("divide_by_zero") { fault_divide_by_zero() }
    GuestFunction.register("undefined_instruction") { fault_undefined_instruction() }
    GuestFunction.register("int3") { fault_int3() }
    GuestFunction.register("halt_instruction") { fault_halt() }
    GuestFunction.register("bad_pointer") { (address: UInt64) in fault_read(address) }
    GuestFunction.register("write_readonly") { fault_write_control_page() }
    GuestFunction.register("write_code") { fault_write_code() }
    GuestFunction.register("execute_data") { fault_execute_data() }
    GuestFunction.register("out_port") { (port: Int32) in fault_out(UInt16(truncatingIfNeeded: port)) }
    GuestFunction.register("in_port") { (port: Int32) in fault_in(UInt16(truncatingIfNeeded: port)) }

    // Traps of Swift itself reach the host as aborts, too.
    GuestFunction.register("overflow") { (value: Int64) in value + Int64.max }
    GuestFunction.register("bad_index") { (index: Int64) in [zero()][Int(index)] }
    GuestFunction.register("precondition_failure") { precondition(zero() != 0, "a precondition with a message") }
}

/// Zero, but the compiler does not know.
@inline(never)
private func zero() -> Int64 { fault_zero() }

/// Every level keeps an array on the heap and a frame on the stack.
@inline(never)
private func descend(_ depth: Int64) -> Int64 {
    if zero() != 0 { return 0 }
    return descend(depth &+ 1) &+ fault_use_stack()
}
