// SPDX-License-Identifier: MIT OR Apache-2.0

/// The place of a sandbox's machine, for the one call that `CallGate` has let in.
///
/// Not a `Mutex`: the gate excludes others already, and the lock would cost each call two more atomic exchanges. Not a
/// plain property of a class: its accesses would be checked for exclusivity each time.
@safe final class MachineCell: @unchecked Sendable {
    // Sendable: the gate hands the machine from call to call, and orders what they do to it.

    private let machine: UnsafeMutablePointer<SandboxMachine>

    init(_ machine: consuming SandboxMachine) {
        // SAFETY: allocated here, initialized by the next line, released by `deinit`.
        unsafe self.machine = .allocate(capacity: 1)
        unsafe self.machine.initialize(to: machine)
    }

    deinit {
        // SAFETY: the last reference is gone, so no call is in.
        unsafe machine.deinitialize(count: 1)
        unsafe machine.deallocate()
    }

    /// Lends the machine to the call that holds the gate. Nobody else may call this, and it not twice at a time.
    @inline(__always)
    func withMachine(_ body: (inout SandboxMachine) throws(SandboxError) -> Void) throws(SandboxError) {
        // SAFETY: the pointer is valid as long as `self`; the access is exclusive by what is said above.
        try unsafe body(&machine.pointee)
    }
}
