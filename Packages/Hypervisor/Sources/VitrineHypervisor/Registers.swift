// SPDX-License-Identifier: MIT OR Apache-2.0

/// The general registers of the guest at one moment.
public struct Registers: Hashable, Sendable {
    /// Accumulator.
    public var rax: UInt64 = 0
    /// Base, kept by callees.
    public var rbx: UInt64 = 0
    /// Fourth argument, counter.
    public var rcx: UInt64 = 0
    /// Third argument, data.
    public var rdx: UInt64 = 0
    /// Second argument.
    public var rsi: UInt64 = 0
    /// First argument; the address of the control page at the entry point.
    public var rdi: UInt64 = 0
    /// Stack pointer.
    public var rsp: UInt64 = 0
    /// Frame pointer.
    public var rbp: UInt64 = 0
    /// Fifth argument.
    public var r8: UInt64 = 0
    /// Sixth argument.
    public var r9: UInt64 = 0
    /// Scratch.
    public var r10: UInt64 = 0
    /// Scratch.
    public var r11: UInt64 = 0
    /// Kept by callees.
    public var r12: UInt64 = 0
    /// Kept by callees.
    public var r13: UInt64 = 0
    /// Kept by callees.
    public var r14: UInt64 = 0
    /// Kept by callees.
    public var r15: UInt64 = 0
    /// Instruction pointer.
    public var rip: UInt64 = 0
    /// Flags; bit 1 is always set.
    public var rflags: UInt64 = 2

    /// All zero but the flags' fixed bit.
    public init() {}

    /// The registers a guest begins with: the SysV ABI's view of a function called with the control page's address.
    public static func atEntry(_ entry: GuestAddress, map: MemoryMap) -> Registers {
        var registers = Registers()
        registers.rip = entry.rawValue
        registers.rdi = MemoryMap.controlPage.rawValue
        registers.rsp = map.region(.stack).end.rawValue &- 8
        return registers
    }
}
