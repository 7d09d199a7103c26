// SPDX-License-Identifier: MIT OR Apache-2.0

import CVitrineGuest
import Testing

extension Runtime {
    @Suite struct MemoryFunctions {
        private static let byteCount = 1024

        private static func numbered() -> [UInt8] { (0..<byteCount).map { UInt8(truncatingIfNeeded: $0 &* 37) } }

        // SAFETY: the offsets and lengths stay inside the arrays.
        @Test func `copies every short length at every alignment and touches nothing beside it`() {
            let source = Self.numbered()
            for length in 0...300 {
                for (from, to) in [(0, 0), (1, 0), (0, 3), (7, 13), (15, 1)] {
                    var copy = [UInt8](repeating: 0xEE, count: Self.byteCount)
                    unsafe source.withUnsafeBytes { source in
                        _ = unsafe copy.withUnsafeMutableBytes { copy in
                            unsafe vitrine_copy(copy.baseAddress! + to, source.baseAddress! + from, length)
                        }
                    }
                    var expected = [UInt8](repeating: 0xEE, count: Self.byteCount)
                    expected.replaceSubrange(to..<(to + length), with: source[from..<(from + length)])
                    #expect(copy == expected, "length \(length) from \(from) to \(to)")
                }
            }
        }

        // SAFETY: the offsets and lengths stay inside the arrays.
        @Test func `moves overlapping bytes in both directions like a copy through a second buffer`() {
            var generator = SeededGenerator(1)
            for _ in 0..<4_000 {
                let length = Int.random(in: 0...400, using: &generator)
                let from = Int.random(in: 0...(Self.byteCount - length), using: &generator)
                let to = min(max(from + Int.random(in: -80...80, using: &generator), 0), Self.byteCount - length)
                var bytes = Self.numbered()
                var expected = bytes
                expected.replaceSubrange(to..<(to + length), with: bytes[from..<(from + length)])
                unsafe bytes.withUnsafeMutableBytes { bytes in
                    _ = unsafe vitrine_move(bytes.baseAddress! + to, bytes.baseAddress! + from, length)
                }
                guard bytes == expected else {
                    Issue.record("length \(length) from \(from) to \(to)")
                    return
                }
            }
        }

        // SAFETY: the offsets and lengths stay inside the arrays.
        @Test func `fills every short length and touches nothing beside it`() {
            for length in 0...300 {
                for at in [0, 1, 5, 16] {
                    var bytes = [UInt8](repeating: 0xEE, count: Self.byteCount)
                    unsafe bytes.withUnsafeMutableBytes { bytes in
                        _ = unsafe vitrine_fill(bytes.baseAddress! + at, 0x1A7, length)
                    }
                    var expected = [UInt8](repeating: 0xEE, count: Self.byteCount)
                    for index in at..<(at + length) { expected[index] = 0xA7 }
                    #expect(bytes == expected, "length \(length) at \(at)")
                }
            }
        }

        @Test func `compares by the first byte that differs`() {
            let left = Self.numbered()
            for length in [0, 1, 7, 8, 9, 16, 63, 200] {
                #expect(compare(left, left, length) == 0)
                for different in 0..<length {
                    var right = left
                    right[different] = left[different] &+ 1
                    let expected = left[different] < right[different]
                    #expect((compare(left, right, length) < 0) == expected)
                    #expect(compare(left, right, different) == 0)
                }
            }
        }

        // SAFETY: the offsets and lengths stay inside the arrays.
        private func compare(_ left: [UInt8], _ right: [UInt8], _ length: Int) -> Int32 {
            unsafe vitrine_compare(left, right, length)
        }
    }
}
