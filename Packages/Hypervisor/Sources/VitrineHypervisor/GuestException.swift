// SPDX-License-Identifier: MIT OR Apache-2.0

/// A CPU exception raised by guest code at CPL 3.
public struct GuestException: Hashable, Sendable {
    /// The vector, 0...31 (Intel SDM volume 3, table 6-1).
    public let vector: UInt8
    /// The error code the CPU pushed, 0 where it pushes none.
    public let errorCode: UInt64
    /// The instruction that faulted, or the one behind a trap (#BP, #DB).
    public let instructionPointer: GuestAddress
    /// The address whose access faulted (CR2); page faults only.
    public let faultAddress: GuestAddress?
    /// The guest's stack pointer at that instruction.
    public let stackPointer: GuestAddress
    /// All general registers at that instruction.
    public let registers: Registers

    /// Makes an exception; backends do.
    public init(
        vector: UInt8, errorCode: UInt64, faultAddress: GuestAddress?, registers: Registers
    ) {
        self.vector = vector
        self.errorCode = errorCode
        self.instructionPointer = GuestAddress(registers.rip)
        self.faultAddress = faultAddress
        self.stackPointer = GuestAddress(registers.rsp)
        self.registers = registers
    }

    /// Mnemonic and name, such as `#PF page fault`.
    public var name: String { Self.name(ofVector: vector) }

    /// Mnemonic and name of any vector.
    public static func name(ofVector vector: UInt8) -> String {
        switch vector {
        case 0: "#DE divide error"
        case 1: "#DB debug exception"
        case 2: "NMI interrupt"
        case 3: "#BP breakpoint"
        case 4: "#OF overflow"
        case 5: "#BR bound range exceeded"
        case 6: "#UD undefined instruction"
        case 7: "#NM device not available"
        case 8: "#DF double fault"
        case 10: "#TS invalid TSS"
        case 11: "#NP segment not present"
        case 12: "#SS stack fault"
        case 13: "#GP general protection"
        case 14: "#PF page fault"
        case 16: "#MF x87 floating-point error"
        case 17: "#AC alignment check"
        case 18: "#MC machine check"
        case 19: "#XM SIMD floating-point error"
        case 20: "#VE virtualization exception"
        case 21: "#CP control protection"
        default: "exception \(vector)"
        }
    }
}
