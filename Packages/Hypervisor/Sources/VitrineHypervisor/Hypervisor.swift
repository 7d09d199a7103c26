// SPDX-License-Identifier: MIT OR Apache-2.0

/// A way to run guests: a backend. New ones prove themselves with `VitrineHypervisorConformance`.
public protocol Hypervisor: Sendable {
    /// The backend's name in lower case, such as `kvm` or `emulator`.
    var name: String { get }

    /// In what this backend documentedly departs from a CPU. The conformance suite relaxes exactly these points.
    var differences: Set<BackendDifference> { get }

    /// Whether guests run here: boots a tiny guest, executes vector code and an exit at CPL 3, once per process.
    /// - Throws: `.unavailable` with the reason, or what failed.
    func probe() throws(HypervisorError)

    /// Makes a machine that will begin at `entry` with the control page's address as its argument.
    /// - Parameters:
    ///   - memory: the guest's memory with its image loaded; the machine owns it from now on.
    ///   - entry: an address in an executable segment.
    func makeMachine(
        memory: consuming GuestMemory, entry: GuestAddress
    ) throws(HypervisorError) -> any VirtualMachine & ~Copyable

    /// The same backend for a caller that tells of its errors itself, in words of its own: what it and its machines
    /// throw marks their spans as failed, and is no event besides the caller's.
    ///
    /// Itself if the backend does not say otherwise, which is right for one that records no errors.
    var leavingErrorsToCaller: Self { get }
}

extension Hypervisor {
    /// Itself.
    public var leavingErrorsToCaller: Self { self }
}

/// A departure from a CPU's behaviour that a backend cannot avoid and declares.
public enum BackendDifference: Hashable, Sendable, CaseIterable {
    /// AVX instructions are undefined.
    case noAVX
    /// `#AC` is not raised for unaligned accesses with RFLAGS.AC set.
    case noAlignmentCheck
    /// RFLAGS.TF is ignored: no `#DB` after each instruction.
    case noSingleStep
    /// `icebp` (0xF1) does not raise `#DB`.
    case noICEBreakpoint
    /// Error codes of page faults lack the instruction-fetch bit (bit 4), or carry other bits than a CPU's.
    case inexactPageFaultErrorCode
    /// `int n` to a closed gate raises another vector or error code than `#GP`.
    case inexactSoftwareInterrupt
    /// Unmasked x87 and SIMD floating-point exceptions are not raised.
    case noFloatingPointExceptions
    /// A non-canonical address raises `#PF` instead of `#GP`.
    case nonCanonicalPageFault
    /// Privileged and hypervisor instructions at CPL 3 raise `#UD` where a CPU raises `#GP`, or the reverse.
    case inexactPrivilegedVector
    /// The deadline is watched between blocks of code, so it overshoots by more than a millisecond at times.
    case coarseDeadline
    /// Segment loads with a bad selector raise another vector or error code than `#GP`.
    case inexactSegmentLoad
}
