// SPDX-License-Identifier: MIT OR Apache-2.0

public import VitrineHypervisor

/// One way in which a guest can tell the emulator from a CPU. None of them lets a guest do more than it may.
public struct KnownDifference: Hashable, Sendable {
    /// Names it, in the README's table too.
    public let name: String
    /// What a CPU does.
    public let onCPU: String
    /// What the emulator does.
    public let onEmulator: String
    /// Which check of the conformance suite it relaxes, if the suite checks it at all.
    public let relaxes: BackendDifference?
}

extension EmulatorHypervisor {
    /// All that is known; each is asserted by a test, so that one that has gone is noticed.
    public static let knownDifferences: [KnownDifference] = [
        KnownDifference(
            name: "AVX", onCPU: "AVX runs where CPUID shows it", onEmulator: "#UD, and CPUID does not show it",
            relaxes: .noAVX),
        KnownDifference(
            name: "alignment check", onCPU: "#AC with RFLAGS.AC set", onEmulator: "the access is done",
            relaxes: .noAlignmentCheck),
        KnownDifference(
            name: "aligned SSE access", onCPU: "#GP for `movaps` of an unaligned address",
            onEmulator: "the access is done", relaxes: nil),
        KnownDifference(
            name: "icebp", onCPU: "#DB behind the instruction", onEmulator: "#UD at the instruction",
            relaxes: .noICEBreakpoint),
        KnownDifference(
            name: "SIMD exceptions", onCPU: "#XM for an unmasked one", onEmulator: "the masked result",
            relaxes: .noFloatingPointExceptions),
        KnownDifference(
            name: "non-canonical jump", onCPU: "#GP at the jump", onEmulator: "#GP at the target", relaxes: nil),
        KnownDifference(
            name: "non-canonical stack", onCPU: "#SS for an access by the stack pointer", onEmulator: "#GP",
            relaxes: nil),
        KnownDifference(
            name: "read-modify-write fault", onCPU: "a page that is not present: error code 6",
            onEmulator: "error code 4, as the read comes first", relaxes: nil),
        KnownDifference(
            name: "prefixed int", onCPU: "`int n` with prefixes faults at its first byte",
            onEmulator: "at its opcode", relaxes: nil),
        KnownDifference(
            name: "lock where it is undefined", onCPU: "#UD",
            onEmulator: "for `cmp`, `cmps` and `bt`: the machine ends with an internal error", relaxes: nil),
        KnownDifference(
            name: "idiv overflow", onCPU: "#DE",
            onEmulator: "for the least 64-bit integer by 32-bit -1: the machine ends with an internal error",
            relaxes: nil),
        KnownDifference(
            name: "code behind a ring", onCPU: "runs after the exit",
            onEmulator: "runs before the exit, up to the end of the block", relaxes: nil),
    ]
}
