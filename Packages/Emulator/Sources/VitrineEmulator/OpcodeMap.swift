// SPDX-License-Identifier: MIT OR Apache-2.0

/// What comes before an opcode, and the opcode.
struct Prefixes: Equatable {
    /// Opcode maps by their escape bytes.
    enum Map: Equatable {
        /// No escape.
        case one
        /// `0F`
        case two
        /// `0F 38`
        case threeWithoutImmediate
        /// `0F 3A`
        case threeWithImmediate
    }

    private(set) var hasOperandSize = false
    private(set) var hasAddressSize = false
    private(set) var isWide = false
    private(set) var map = Map.one
    private(set) var opcode: UInt8 = 0

    /// Reads legacy prefixes, REX or VEX, escapes and the opcode.
    init?(_ cursor: inout ByteCursor) {
        for _ in 0..<15 {
            guard let byte = cursor.next() else { return nil }
            switch byte {
            case 0x66: hasOperandSize = true
            case 0x67: hasAddressSize = true
            case 0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65, 0xF0, 0xF2, 0xF3: break
            case 0x40...0x4F:
                // Only a REX that the opcode follows counts.
                guard let following = cursor.peek else { return nil }
                if !Self.isPrefix(following) { isWide = byte & 8 != 0 }
            case 0xC4, 0xC5:
                guard readVEX(byte, &cursor) else { return nil }
                return
            case 0x0F:
                guard readEscape(&cursor) else { return nil }
                return
            default:
                opcode = byte
                return
            }
        }
        return nil
    }

    private static func isPrefix(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x26, 0x2E, 0x36, 0x3E, 0x40...0x4F, 0x64...0x67, 0xF0, 0xF2, 0xF3: true
        default: false
        }
    }

    private mutating func readEscape(_ cursor: inout ByteCursor) -> Bool {
        map = .two
        guard let byte = cursor.next() else { return false }
        if byte == 0x38 || byte == 0x3A {
            map = byte == 0x38 ? .threeWithoutImmediate : .threeWithImmediate
            guard let third = cursor.next() else { return false }
            opcode = third
        } else {
            opcode = byte
        }
        return true
    }

    /// Two or three bytes that name the map (Intel SDM volume 2, 2.3.5).
    private mutating func readVEX(_ first: UInt8, _ cursor: inout ByteCursor) -> Bool {
        map = .two
        guard let second = cursor.next() else { return false }
        if first == 0xC4 {
            guard cursor.next() != nil else { return false }
            switch second & 0x1F {
            case 1: break
            case 2: map = .threeWithoutImmediate
            case 3: map = .threeWithImmediate
            default: return false
            }
        }
        guard let code = cursor.next() else { return false }
        opcode = code
        return true
    }
}

/// What follows each opcode of 64-bit code.
enum OpcodeMap {
    /// Opcodes without escape. Nil for those that 64-bit code does not have.
    static func one(_ code: UInt8, _ cursor: inout ByteCursor, _ prefixes: Prefixes) -> Operand? {
        let full = prefixes.hasOperandSize && !prefixes.isWide ? 2 : 4
        switch code {
        case 0x00...0x3F: return arithmetic(code, full)
        case 0x50...0x5F, 0x6C...0x6F, 0x90...0x99, 0x9B...0x9F, 0xA4...0xA7, 0xAA...0xAF: return Operand()
        case 0x63, 0x84...0x8F, 0xD0...0xD3, 0xD8...0xDF, 0xFE, 0xFF: return Operand(hasModRM: true)
        case 0x68, 0xA9: return Operand(immediate: full)
        case 0x69, 0x81, 0xC7: return Operand(hasModRM: true, immediate: full)
        case 0x6A, 0x70...0x7F, 0xA8, 0xB0...0xB7, 0xCD, 0xE0...0xE7, 0xEB: return Operand(immediate: 1)
        case 0x6B, 0x80, 0x83, 0xC0, 0xC1, 0xC6: return Operand(hasModRM: true, immediate: 1)
        case 0xA0...0xA3: return Operand(immediate: prefixes.hasAddressSize ? 4 : 8)
        case 0xB8...0xBF: return Operand(immediate: prefixes.isWide ? 8 : full)
        case 0xC2, 0xCA: return Operand(immediate: 2)
        case 0xC3, 0xC9, 0xCB, 0xCC, 0xCF, 0xD7, 0xEC...0xEF, 0xF1, 0xF4, 0xF5, 0xF8...0xFD: return Operand()
        case 0xC8: return Operand(immediate: 3)
        case 0xE8, 0xE9: return Operand(immediate: 4)
        case 0xF6, 0xF7:
            // Only `test`, the first two of the eight in this group, has an immediate.
            guard let form = cursor.peek else { return nil }
            let isTest = form >> 3 & 7 < 2
            return Operand(hasModRM: true, immediate: isTest ? (code == 0xF6 ? 1 : full) : 0)
        default: return nil
        }
    }

    /// Eight rows of six forms and two opcodes that 64-bit code does not have.
    private static func arithmetic(_ code: UInt8, _ full: Int) -> Operand? {
        switch code & 7 {
        case 0...3: Operand(hasModRM: true)
        case 4: Operand(immediate: 1)
        case 5: Operand(immediate: full)
        default: nil
        }
    }

    /// Opcodes behind `0F`.
    static func two(_ code: UInt8) -> Operand {
        switch code {
        case 0x05...0x09, 0x0B, 0x0E, 0x30...0x37, 0x77, 0xA0...0xA2, 0xA8...0xAA, 0xC8...0xCF: Operand()
        case 0x80...0x8F: Operand(immediate: 4)
        case 0x0F, 0x70...0x73, 0xA4, 0xAC, 0xBA, 0xC2, 0xC4...0xC6: Operand(hasModRM: true, immediate: 1)
        default: Operand(hasModRM: true)
        }
    }
}
