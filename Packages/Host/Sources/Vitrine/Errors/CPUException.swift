// SPDX-License-Identifier: MIT OR Apache-2.0

/// A CPU exception that guest code raised: what the processor said about it.
public struct CPUException: Hashable, Sendable {
    /// The vector, 0 to 31 (Intel SDM volume 3, table 6-1).
    public let vector: UInt8
    /// Mnemonic and name, for example `#PF page fault`.
    public let name: String
    /// The error code the processor pushed; 0 for vectors without one.
    public let errorCode: UInt64
    /// The address the access went to; page faults only.
    public let address: UInt64?
    /// The instruction that raised it; behind it for traps such as `int3`.
    public let instructionPointer: UInt64
    /// The guest's stack pointer at that moment.
    public let stackPointer: UInt64

    /// An exception of all its parts.
    public init(
        vector: UInt8, name: String, errorCode: UInt64, address: UInt64?, instructionPointer: UInt64,
        stackPointer: UInt64
    ) {
        self.vector = vector
        self.name = name
        self.errorCode = errorCode
        self.address = address
        self.instructionPointer = instructionPointer
        self.stackPointer = stackPointer
    }
}

extension CPUException: CustomStringConvertible {
    /// `#PF page fault writing 0x1000, instruction at 0x201234`.
    public var description: String {
        var text = name
        if let address { text += " \(access) \(hexadecimal(address))" }
        return text + ", instruction at \(hexadecimal(instructionPointer))"
    }

    /// What the access of a page fault was, by its error code (Intel SDM volume 3, figure 4-12).
    private var access: String {
        if errorCode & 1 << 4 != 0 { return "executing" }
        return errorCode & 1 << 1 != 0 ? "writing" : "reading"
    }
}

/// A number the way addresses are written.
func hexadecimal(_ value: UInt64) -> String {
    "0x" + String(value, radix: 16)
}
