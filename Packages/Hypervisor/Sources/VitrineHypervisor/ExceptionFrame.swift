// SPDX-License-Identifier: MIT OR Apache-2.0

/// What the CPU and a stub have pushed onto the exception stack, from the lowest address.
@_spi(Backend) public struct ExceptionFrame: Hashable, Sendable {
    /// The stub's vector.
    public let vector: UInt8
    /// The error code, 0 where the CPU pushes none.
    public let errorCode: UInt64
    /// The interrupted instruction.
    public let instructionPointer: UInt64
    /// The interrupted code's flags.
    public let flags: UInt64
    /// The interrupted code's stack pointer.
    public let stackPointer: UInt64

    /// Bytes from the frame to the top of its stack: vector, error code, RIP, CS, RFLAGS, RSP, SS.
    public static let byteCount: UInt64 = 7 * 8

    /// Reads the frame that ends at the top of the exception or the double-fault stack.
    /// - Parameter stackPointer: RSP in the stub. A frame of code that was itself a stub is no frame of the guest's.
    /// - Returns: nil when the stack pointer or the frame is not what the CPU leaves after an exception at CPL 3.
    public init?(in memory: borrowing GuestMemory, stackPointer: UInt64) {
        let tops = [SystemLayout.exceptionStackTop, SystemLayout.doubleFaultStackTop]
        guard tops.contains(where: { stackPointer == $0 - Self.byteCount }) else { return nil }
        let bytes = memory.systemBytes
        func word(_ index: UInt64) -> UInt64 {
            // SAFETY: one of two fixed addresses inside the system pages; any bytes are an integer.
            unsafe bytes.unsafeLoadUnaligned(fromByteOffset: Int(stackPointer + index * 8), as: UInt64.self)
        }
        guard let vector = UInt8(exactly: word(0)), vector < 32, word(3) & 3 == 3 else { return nil }
        self.vector = vector
        errorCode = word(1)
        instructionPointer = word(2)
        flags = word(4)
        self.stackPointer = word(5)
    }
}
