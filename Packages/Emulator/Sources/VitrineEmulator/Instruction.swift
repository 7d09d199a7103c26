// SPDX-License-Identifier: MIT OR Apache-2.0

/// The length of an x86-64 instruction and whether it reaches for a port (Intel SDM volume 2, appendix A).
///
/// Total: any bytes give an instruction or nil. It need not reject what a CPU would: it is used on code that has run.
struct Instruction: Equatable {
    /// Bytes, prefixes included; 1...15.
    let byteCount: Int
    /// Whether it is `in`, `out`, `ins` or `outs`.
    let isPortAccess: Bool
    /// Of `ins` and `outs` the bytes moved at a time, else nil.
    let stringPortByteCount: Int?

    /// Reads the instruction at an offset; nil when the bytes end in it or no 64-bit code begins so.
    init?(_ bytes: RawSpan, at start: Int) {
        var cursor = ByteCursor(bytes, offset: start)
        guard let prefixes = Prefixes(&cursor) else { return nil }
        let operand: Operand
        let code = prefixes.opcode
        switch prefixes.map {
        case .one:
            guard let found = OpcodeMap.one(code, &cursor, prefixes) else { return nil }
            operand = found
        case .two: operand = OpcodeMap.two(code)
        case .threeWithoutImmediate: operand = Operand(hasModRM: true)
        case .threeWithImmediate: operand = Operand(hasModRM: true, immediate: 1)
        }
        if operand.hasModRM { guard cursor.skipModRM() else { return nil } }
        guard cursor.skip(operand.immediate), cursor.offset - start <= 15 else { return nil }
        byteCount = cursor.offset - start
        let isOneByte = prefixes.map == .one
        let isString = isOneByte && (0x6C...0x6F).contains(code)
        isPortAccess = isString || isOneByte && ((0xE4...0xE7).contains(code) || (0xEC...0xEF).contains(code))
        stringPortByteCount = isString ? (code & 1 == 0 ? 1 : prefixes.hasOperandSize ? 2 : 4) : nil
    }
}

/// What follows an opcode.
struct Operand: Equatable {
    var hasModRM = false
    /// Bytes of immediate values and displacements that are not the ModRM byte's.
    var immediate = 0
}

/// Reads forward through bytes that may end at any place.
struct ByteCursor: ~Escapable {
    private let bytes: RawSpan
    private(set) var offset: Int

    @_lifetime(copy bytes)
    init(_ bytes: RawSpan, offset: Int) {
        self.bytes = bytes
        self.offset = max(offset, 0)
    }

    /// The byte at the cursor, nil at the end.
    var peek: UInt8? {
        guard offset < bytes.byteCount else { return nil }
        // SAFETY: in bounds; any byte is a UInt8.
        return unsafe bytes.unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }

    /// Takes a byte.
    mutating func next() -> UInt8? {
        guard let byte = peek else { return nil }
        offset += 1
        return byte
    }

    /// Passes over bytes, which must be there.
    mutating func skip(_ count: Int) -> Bool {
        guard count <= bytes.byteCount - offset else { return false }
        offset += count
        return true
    }

    /// Passes over a ModRM byte, its SIB byte and its displacement (Intel SDM volume 2, table 2-2).
    mutating func skipModRM() -> Bool {
        guard let form = next() else { return false }
        let mode = form >> 6
        if mode == 3 { return true }
        var displacement = mode == 1 ? 1 : mode == 2 ? 4 : 0
        if form & 7 == 4 {
            guard let scale = next() else { return false }
            if mode == 0, scale & 7 == 5 { displacement = 4 }
        } else if mode == 0, form & 7 == 5 {
            displacement = 4
        }
        return skip(displacement)
    }
}
