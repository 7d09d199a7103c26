// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing

@testable import VitrineEmulator

extension EmulatorTests {
    @Suite("Instruction")
    struct InstructionTests {
        @Test(
            "knows the length of instructions",
            arguments: [
                [0x90], [0x48, 0x89, 0xC8], [0x8B, 0x04, 0x25, 0, 0, 0, 0], [0x8B, 0x44, 0x24, 0x08],
                [0x8B, 0x84, 0x24, 0, 1, 0, 0], [0x8B, 0x05, 1, 2, 3, 4], [0x8B, 0x45, 0x00], [0x8B, 0x80, 0, 0, 0, 0],
                [0xB8, 1, 0, 0, 0], [0x66, 0xB8, 1, 0], [0x48, 0xB8, 1, 2, 3, 4, 5, 6, 7, 8],
                [0x48, 0xC7, 0xC0, 1, 0, 0, 0],
                [0x66, 0xC7, 0x00, 1, 0], [0x05, 1, 0, 0, 0], [0x04, 1], [0x66, 0x05, 1, 0], [0x83, 0xC0, 1],
                [0x81, 0xC0, 1, 0, 0, 0], [0x69, 0xC0, 1, 0, 0, 0], [0x6B, 0xC0, 1], [0x6A, 1], [0x68, 1, 0, 0, 0],
                [0xF6, 0xC1, 1], [0xF6, 0xD1], [0xF7, 0xC1, 1, 0, 0, 0], [0xF7, 0xF1], [0x48, 0xF7, 0xD8],
                [0xA0, 1, 2, 3, 4, 5, 6, 7, 8], [0x67, 0xA0, 1, 2, 3, 4], [0xC8, 1, 0, 0], [0xC2, 8, 0],
                [0x0F, 0xAF, 0xC1], [0x0F, 0x84, 0, 0, 0, 0], [0x0F, 0xB6, 0x04, 0x08], [0x0F, 0x31], [0x0F, 0xA2],
                [0x0F, 0xC8], [0x0F, 0xBA, 0xE0, 7], [0x0F, 0x1F, 0x44, 0, 0], [0x66, 0x0F, 0x6E, 0xC0],
                [0xF3, 0x0F, 0x59, 0xC9], [0x66, 0x0F, 0x38, 0x00, 0xC1], [0x66, 0x0F, 0x3A, 0x0F, 0xC1, 4],
                [0x66, 0x0F, 0x70, 0xC0, 0], [0xC5, 0xF8, 0x58, 0xC1], [0xC4, 0xE2, 0x70, 0xF2, 0xC2],
                [0xC4, 0xE3, 0x7B, 0xF0, 0xC0, 1], [0xE6, 0xE0], [0xEC], [0x66, 0xEF], [0xF3, 0x6E], [0x6D],
                [0x40, 0x48, 0x89, 0xC0], [0x48, 0x66, 0xB8, 1, 0],
            ] as [[UInt8]])
        func lengths(bytes: [UInt8]) {
            for padding in [0, 1, 8] {
                let padded = bytes + [UInt8](repeating: 0x90, count: padding)
                #expect(read(padded, at: 0)?.byteCount == bytes.count)
            }
            #expect(read(bytes.dropLast(), at: 0) == nil)
        }

        @Test("tells port instructions from all others")
        func portInstructions() {
            for code in UInt8.min...UInt8.max {
                let bytes: [UInt8] = [code] + [UInt8](repeating: 0, count: 15)
                let expected =
                    (0xE4...0xE7).contains(code) || (0xEC...0xEF).contains(code) || (0x6C...0x6F).contains(code)
                #expect(read(bytes, at: 0)?.isPortAccess ?? false == expected, "\(code)")
                let escaped: [UInt8] = [0x0F] + bytes
                #expect(read(escaped, at: 0)?.isPortAccess ?? false == false)
            }
            let widths: [([UInt8], Int)] = [
                ([0x6E], 1), ([0x6F], 4), ([0x66, 0x6F], 2), ([0xF3, 0x6C], 1), ([0x48, 0x6D], 4),
            ]
            for (bytes, width) in widths {
                #expect(read(bytes, at: 0)?.stringPortByteCount == width)
            }
        }

        @Test("refuses an instruction of more than 15 bytes")
        func tooLong() {
            let bytes = [UInt8](repeating: 0x66, count: 15) + [0x90]
            #expect(read(bytes, at: 0) == nil)
            #expect(read(bytes, at: 1)?.byteCount == 15)
        }

        @Test("answers any bytes, and never reads beyond them")
        func anyBytes() {
            var state: UInt64 = 0x9E37_79B9_7F4A_7C15
            for round in 0..<200_000 {
                var bytes: [UInt8] = []
                for _ in 0..<(round % 18) {
                    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                    bytes.append(UInt8(truncatingIfNeeded: state >> 56))
                }
                if let instruction = read(bytes, at: 0) {
                    #expect((1...15).contains(instruction.byteCount) && instruction.byteCount <= bytes.count)
                }
            }
            #expect(read([UInt8](), at: 0) == nil)
            #expect(read([0x90], at: 7) == nil)
        }

        private func read(_ bytes: [UInt8], at offset: Int) -> Instruction? {
            let span = bytes.span
            // SAFETY: initialized bytes are a raw span of themselves.
            return unsafe Instruction(span.bytes, at: offset)
        }
    }
}
