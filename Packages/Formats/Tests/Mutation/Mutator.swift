// SPDX-License-Identifier: MIT OR Apache-2.0

/// Damages bytes in ways that decoders dislike, the same for each seed, and can mend them again.
public struct Mutator {
    private var generator: SplitMix64
    private var damage: [(offset: Int, byte: UInt8)] = []
    private let edges: Int

    /// A mutator; about half of its damage is within `edges` bytes of the start or the end, where headers are.
    public init(seed: UInt64, edges: Int = 512) {
        generator = SplitMix64(state: seed)
        self.edges = edges
    }

    /// Damages the bytes in one to four places.
    public mutating func damage(_ bytes: inout [UInt8]) {
        guard !bytes.isEmpty else { return }
        for _ in 0...(generator.next() % 4) {
            edit(&bytes)
        }
    }

    /// Undoes what ``damage(_:)`` did since the last time.
    public mutating func mend(_ bytes: inout [UInt8]) {
        while let (offset, byte) = damage.popLast() {
            bytes[offset] = byte
        }
    }

    /// A number below the bound.
    public mutating func next(below bound: Int) -> Int {
        Int(truncatingIfNeeded: generator.next() % UInt64(bound))
    }

    /// Numbers at the borders of types, pages, windows and limits.
    private static let borders: [UInt64] = [
        0, 1, 2, 7, 8, 9, 16, 24, 25, 56, 64, 0x7F, 0x80, 0xFF, 0x100, 0xFFF, 0x1000, 0x1001, 0x2000, 0x7FFF, 0xFFFF,
        0x1F_FFFF, 0x20_0000, 0x41F_FFFF, 0x420_0000, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFF8, 0xFFFF_FFFF, 1 << 40,
        UInt64(Int64.max), 1 << 63, .max - 7, .max,
    ]

    private mutating func edit(_ bytes: inout [UInt8]) {
        let offset = place(in: bytes.count)
        switch generator.next() % 6 {
        case 0:
            set(&bytes, offset, bytes[offset] ^ (1 << UInt8(next(below: 8))))
        case 1:
            set(&bytes, offset, UInt8(truncatingIfNeeded: generator.next()))
        case 2:
            let source = next(below: bytes.count) & ~7
            for index in 0..<8 where offset + index < bytes.count && source + index < bytes.count {
                set(&bytes, offset + index, bytes[source + index])
            }
        case 3:
            set(&bytes, offset, bytes[offset] &+ (generator.next() & 1 == 0 ? 1 : 0xFF))
        default:
            let width = 1 << (1 + next(below: 3))
            var value = Self.borders[next(below: Self.borders.count)]
            let start = offset & ~(width - 1)
            for index in start..<min(start + width, bytes.count) {
                set(&bytes, index, UInt8(truncatingIfNeeded: value))
                value >>= 8
            }
        }
    }

    private mutating func place(in count: Int) -> Int {
        let near = min(count, edges)
        switch generator.next() % 4 {
        case 0: return next(below: near)
        case 1: return count - 1 - next(below: near)
        default: return next(below: count)
        }
    }

    private mutating func set(_ bytes: inout [UInt8], _ offset: Int, _ byte: UInt8) {
        damage.append((offset, bytes[offset]))
        bytes[offset] = byte
    }
}

/// Steele, Lea and Flood's generator: every seed is as good as another.
struct SplitMix64 {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
