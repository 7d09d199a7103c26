// SPDX-License-Identifier: MIT OR Apache-2.0

/// Names a place in the code by the addresses of its literals: constants of the program, which cost nothing to make.
@frozen
@usableFromInline
struct CallSiteKey: Equatable {
    @usableFromInline
    let file: UInt
    @usableFromInline
    let name: UInt
    @usableFromInline
    let target: UInt
    @usableFromInline
    let lineLevelAndKind: UInt64

    /// The key of no place.
    init() {
        file = 0
        name = 0
        target = 0
        lineLevelAndKind = 0
    }

    @inlinable
    @inline(__always)
    init(
        _ name: StaticString, _ target: StaticString?, _ level: Level, _ kind: RecordKind, _ file: StaticString,
        _ line: UInt32
    ) {
        self.file = Self.identity(file)
        self.name = Self.identity(name)
        self.target = target.map(Self.identity) ?? 0
        lineLevelAndKind = UInt64(line) << 16 | UInt64(level.rawValue) << 8 | UInt64(kind.rawValue)
    }

    @inlinable
    @inline(__always)
    static func identity(_ text: StaticString) -> UInt {
        // SAFETY: only the address is taken.
        text.hasPointerRepresentation ? unsafe UInt(bitPattern: text.utf8Start) : UInt(text.unicodeScalar.value)
    }

    /// Spreads the few bits in which addresses and lines differ.
    var hash: Int {
        @inline(__always) get {
            let mixed = (UInt64(file) ^ UInt64(name) << 20 ^ lineLevelAndKind << 40) &* 0x9E37_79B9_7F4A_7C15
            return Int(truncatingIfNeeded: mixed >> 32)
        }
    }
}
