// SPDX-License-Identifier: MIT OR Apache-2.0

/// Why the guest stopped and the host was asked.
public enum VMExit: Hashable, Sendable {
    /// The guest rang one of the ABI's open ports with a one-byte `out`; it goes on behind the instruction.
    case portWrite(port: UInt16)
    /// The guest's code raised a CPU exception. The machine is dead. Boxed: the other exits are the frequent ones.
    indirect case exception(GuestException)
    /// The CPU gave up (triple fault) or halted. The machine is dead.
    case shutdown
    /// A kick without a cause that the run knows of, counted as erroneous: an occasion to drain, then resume.
    case kicked
    /// Something the set-up of the machine should have made impossible. The machine is dead.
    case unexpected(UnexpectedExit)

    /// Whether the machine can go on after this exit.
    public var isResumable: Bool {
        switch self {
        case .portWrite, .kicked: true
        case .exception, .shutdown, .unexpected: false
        }
    }
}

/// An exit that the guest's set-up rules out.
public enum UnexpectedExit: Hashable, Sendable {
    /// Input from an open port, which the I/O bitmap cannot tell from output, or access that it should have denied.
    case portAccess(port: UInt16, isWrite: Bool, byteCount: UInt8, repetitions: UInt32)
    /// An access to an address that is in no memory slot.
    case unbackedAddress(GuestAddress, isWrite: Bool)
    /// The hypervisor could not go on executing; the number is its own (KVM: `suberror`).
    case internalError(UInt32)
    /// The CPU refused the state it was given; the number is the hardware's.
    case failedEntry(UInt64)
    /// An exception stub rang, but its stack holds no valid frame.
    case damagedExceptionFrame
    /// Any other reason, by the backend's number.
    case unknown(UInt32)
}

/// What the exit handler wants.
public enum ExitAction: Hashable, Sendable {
    /// Go on behind the exit. Ignored after an exit that is not resumable.
    case resume
    /// End the run; a later run goes on behind the exit.
    case stop
}

/// How a run ended.
public enum RunOutcome: Hashable, Sendable {
    /// The handler said stop, or the machine is dead.
    case stopped
    /// `InterruptHandle.cancel()` was called; this run consumed it. A later run goes on where the guest was.
    case cancelled
    /// The deadline passed. A later run goes on where the guest was.
    case deadlineExceeded
}
