// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineObservability

@testable import VitrineLogWriters

@Suite("LineBuffer")
struct LineBufferTests {
    private func text(_ body: (inout LineBuffer) -> Void) -> String {
        var line = LineBuffer()
        line.begin(byteCount: 100_000)
        body(&line)
        var bytes: [UInt8] = []
        for index in line.span.indices { bytes.append(line.span[index]) }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// A token as it is written; nil if it is none, and then nothing is written.
    private func token(_ said: String, upTo byteCount: Int) -> String? {
        var isToken = false
        let written = text { isToken = $0.appendToken(said, upTo: byteCount) }
        return isToken || !written.isEmpty ? written : nil
    }

    @Test("writes integers as the standard library does")
    func integers() {
        var values: [UInt64] = [0, .max, 99_999_999, 100_000_000, 9_999_999_999_999_999, 10_000_000_000_000_000]
        var power: UInt64 = 1
        for _ in 0..<20 {
            values += [power &- 1, power, power &+ 1]
            power = power &* 10
        }
        var generator = SeededGenerator(state: 4)
        for shift in 0..<64 { values.append(generator.next() >> UInt64(shift)) }
        for value in values {
            #expect(text { $0.append(decimal: value) } == String(value))
            let signed = Int64(bitPattern: value)
            #expect(text { $0.append(decimal: signed) } == String(signed))
            let digits = String(value, radix: 16)
            #expect(
                text { $0.append(hexadecimal: value, width: 16) }
                    == String(repeating: "0", count: 16 - digits.utf8.count) + digits)
            #expect(text { $0.append(hexadecimal: value & 0xFFFF, width: 4) }.utf8.count == 4)
        }
    }

    @Test("writes times as the calendar has them, also when seconds alternate")
    func times() {
        var generator = SeededGenerator(state: 5)
        var line = LineBuffer()
        for _ in 0..<500 {
            let time = Timestamp(nanosecondsSinceEpoch: generator.next())
            let calendar = CalendarText.string(time)
            for _ in 0..<2 {
                line.begin(byteCount: 10_000)
                line.append(date: time)
                line.append(clock: time)
                var bytes: [UInt8] = []
                for index in line.span.indices { bytes.append(line.span[index]) }
                let parts = calendar.split(separator: " ")
                #expect(String(decoding: bytes, as: UTF8.self) == "\(parts[0])T\(parts[1])Z" + parts[1].dropLast(3))
            }
        }
    }

    @Test("writes durations as the tree does")
    func durations() {
        for value: UInt64 in [0, 999, 1_000, 1_004, 1_005, 9_995, 99_950, 45_600_000, 59_900_000_000, .max] {
            #expect(text { $0.append(duration: value) } == DurationText.string(nanoseconds: value))
        }
    }

    @Test("escapes text as the tree does")
    func visible() {
        var generator = SeededGenerator(state: 6)
        for length in 0..<300 {
            let said = HostileText.random(scalarCount: length, using: &generator)
            #expect(text { $0.append(said, .visible, upTo: .max / 2) } == SafeText.escaped(said))
        }
    }

    @Test(
        "plain bytes are told from others in every place of a word",
        arguments: 0...255 as ClosedRange<UInt8>
    )
    func plainBytes(_ byte: UInt8) {
        let isText = 0x20...0x7E ~= byte && ![0x22, 0x5C, 0x5D].contains(byte)
        let isToken = isText && ![0x20, 0x3D, 0x2C].contains(byte)
        for place in 0..<8 {
            let word = 0x6161_6161_6161_6161 & ~(0xFF << UInt64(8 * place)) | UInt64(byte) << UInt64(8 * place)
            #expect(PlainBytes.text.holds(word) == isText)
            #expect(PlainBytes.token.holds(word) == isToken)
        }
    }

    @Test("a token is written whole or not at all, whatever its length")
    func tokens() {
        for length in 1..<40 {
            let plain = String(repeating: "abcdefghij", count: 4).prefix(length)
            #expect(token(String(plain), upTo: length) == String(plain))
            #expect(token(String(plain), upTo: length - 1) == nil)
            for place in 0..<length {
                var bytes = Array(plain.utf8)
                bytes[place] = UInt8(ascii: " ")
                let spoilt = String(decoding: bytes, as: UTF8.self)
                #expect(token(spoilt, upTo: 100) == nil)
            }
        }
    }

    @Test("text is cut at a scalar or an escape, whatever the limit")
    func cutting() {
        let said = "aé\u{1B}漢\"🙂]b"
        let whole = #"aé\u{1b}漢\"🙂]b"#
        for limit in 0...whole.utf8.count {
            let cut = text { $0.append(said, .quoted, upTo: limit) }
            if limit == whole.utf8.count {
                #expect(cut == whole)
            } else {
                #expect(cut.hasSuffix("…"))
                #expect(whole.hasPrefix(cut.dropLast()))
                #expect(cut.utf8.count <= limit + 3)
            }
        }
    }

    @Test("grows as far as it must, and says when it is large")
    func growing() {
        var line = LineBuffer()
        line.begin(byteCount: 1 << 20)
        let wasLarge = line.isLarge
        let long = String(repeating: "0123456789", count: 10_000)
        line.append(long, .visible, upTo: .max / 2)
        line.append(contentsOf: Array(long.utf8).span)
        let (count, isLarge, isCut, last) = (line.count, line.isLarge, line.isCut, line.span[199_999])
        #expect(count == 200_000)
        #expect(!wasLarge && isLarge && !isCut)
        #expect(last == UInt8(ascii: "9"))
    }
}
