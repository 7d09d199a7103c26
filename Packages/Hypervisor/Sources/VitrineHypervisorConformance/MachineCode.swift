// SPDX-License-Identifier: MIT OR Apache-2.0

/// Bytes of x86-64 instructions that the checks share (Intel SDM volume 2).
enum MachineCode {
    /// `out %al, $port; jmp +0`: how guests ring, with the jump that ends a software CPU's block.
    static func ring(_ port: UInt8) -> [UInt8] { [0xE6, port, 0xEB, 0x00] }
    /// `mov $value, %rax`
    static func loadRAX(_ value: UInt64) -> [UInt8] { [0x48, 0xB8] + word(value) }
    /// `mov $value, %rcx`
    static func loadRCX(_ value: UInt64) -> [UInt8] { [0x48, 0xB9] + word(value) }
    /// `mov $value, %rdi`
    static func loadRDI(_ value: UInt64) -> [UInt8] { [0x48, 0xBF] + word(value) }
    /// `mov $value, %rsp`
    static func loadRSP(_ value: UInt64) -> [UInt8] { [0x48, 0xBC] + word(value) }
    /// `mov $value, %rbp`
    static func loadRBP(_ value: UInt64) -> [UInt8] { [0x48, 0xBD] + word(value) }
    /// `mov $value, %edx`
    static func loadEDX(_ value: UInt32) -> [UInt8] { [0xBA] + word(value) }
    /// `mov %rax, (%rdi)`
    static let storeRAXAtRDI: [UInt8] = [0x48, 0x89, 0x07]
    /// `mov (%rdi), %rax`
    static let loadRAXAtRDI: [UInt8] = [0x48, 0x8B, 0x07]
    /// `jmp *%rdi`
    static let jumpToRDI: [UInt8] = [0xFF, 0xE7]
    /// `pushfq; orq $bits, (%rsp); popfq`
    static func setFlags(_ bits: UInt32) -> [UInt8] { [0x9C, 0x48, 0x81, 0x0C, 0x24] + word(bits) + [0x9D] }
    /// `1: jmp 1b`
    static let spin: [UInt8] = [0xEB, 0xFE]

    static func word<Value: FixedWidthInteger>(_ value: Value) -> [UInt8] {
        (0..<Value.bitWidth / 8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
}
