// SPDX-License-Identifier: MIT OR Apache-2.0

import CKVMFloor

/// One VM of the raw-KVM floor. Calls from one thread at a time; `stop` from any.
@safe final class Floor: @unchecked Sendable {
    /// A floor call failed with this errno.
    struct Failure: Error, CustomStringConvertible {
        let call: String
        let errno: Int32
        var description: String { "the raw-KVM floor failed: \(call), errno \(errno)" }
    }

    /// Whether VMs run here at all.
    static let isAvailable = kvm_floor_probe() == 0

    private let machine: OpaquePointer

    /// Makes a VM of 16 MiB and runs it until it waits for calls.
    init() throws(Failure) {
        var error: Int32 = 0
        // SAFETY: error is a value of this frame.
        guard let made = unsafe kvm_floor_create(16 << 20, &error) else {
            throw Failure(call: "create", errno: -error)
        }
        unsafe machine = made
    }

    deinit {
        // SAFETY: the pointer is from kvm_floor_create and dies with this object.
        unsafe kvm_floor_destroy(machine)
    }

    func add(_ first: Int64, _ second: Int64) throws(Failure) -> Int64 {
        var sum: Int64 = 0
        // SAFETY: the machine lives as long as this object; sum is a value of this frame.
        try check("add", unsafe kvm_floor_add(machine, first, second, &sum))
        return sum
    }

    /// Lets the guest make as many host calls as `times` has words; fills it with the moments they arrived.
    func hostCalls(_ times: inout [UInt64]) throws(Failure) -> Int64 {
        var sum: Int64 = 0
        // SAFETY: as in add; the count is that of the array.
        let count = Int64(times.count)
        try check("host calls", unsafe kvm_floor_host_calls(machine, count, &times, &sum))
        return sum
    }

    /// Copies `input` in, lets the guest copy it, copies that to `output`, which has the same size.
    func copy(_ input: [UInt8], to output: inout [UInt8]) throws(Failure) {
        // SAFETY: the count is that of the smaller array.
        let count = min(input.count, output.count)
        try check("copy", unsafe kvm_floor_copy(machine, input, &output, count))
    }

    /// Spins until `stop`, or until the deadline if it is not 0.
    func spin(deadlineNanoseconds: UInt64 = 0) throws(Failure) {
        // SAFETY: as in add.
        try check("spin", unsafe kvm_floor_spin(machine, deadlineNanoseconds))
    }

    /// Stops a spinning guest. False if it does not spin.
    func stop() -> Bool {
        // SAFETY: as in add; the call is made for other threads.
        unsafe kvm_floor_stop(machine) != 0
    }

    private func check(_ call: String, _ result: Int32) throws(Failure) {
        guard result == 0 else { throw Failure(call: call, errno: -result) }
    }
}
