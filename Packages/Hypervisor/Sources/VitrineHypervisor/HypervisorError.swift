// SPDX-License-Identifier: MIT OR Apache-2.0

/// Why a backend cannot run guests here.
public enum UnavailableReason: Hashable, Sendable {
    /// `/dev/kvm` does not exist: no KVM, or not passed into this container.
    case deviceMissing
    /// `/dev/kvm` may not be opened by this user: add the user to its group.
    case noPermission
    /// A guest boots but cannot execute ordinary code at CPL 3.
    case noUsableCPUMode
    /// The kernel lacks something; the name is the kernel's (`KVM_CAP_…`).
    case missingCapability(String)
    /// The program does not link the backend.
    case notLinked
}

/// What can go wrong in a hypervisor. Guest behaviour is never an error here: it is a `VMExit`.
public enum HypervisorError: Error, Hashable, Sendable {
    /// The backend cannot be used on this machine.
    case unavailable(UnavailableReason)
    /// A call of the kernel failed; the name is the kernel's, the number an `errno`.
    case systemCall(name: String, errno: Int32)
    /// A call of a backend's library failed, with the library's number.
    case backend(name: String, code: Int32)
    /// The entry point is not in an executable segment.
    case invalidEntry(GuestAddress)
    /// The machine had an exception, a shutdown or an unexpected exit before; it cannot run again.
    case machineDead
    /// More runs inside each other's exit handlers on one thread than the limit of 8.
    case runsNestedTooDeep
}
