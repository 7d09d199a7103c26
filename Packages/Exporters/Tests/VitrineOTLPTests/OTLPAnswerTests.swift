// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineOTLP

@Suite("OTLP, answers")
struct OTLPAnswerTests {
    /// A field of some bytes.
    private func field(_ number: UInt8, _ bytes: [UInt8]) -> [UInt8] {
        var length = bytes.count
        var header = [number << 3 | 2]
        while length > 127 {
            header.append(UInt8(length & 127 | 128))
            length >>= 7
        }
        return header + [UInt8(length)] + bytes
    }

    private func read(_ bytes: [UInt8], _ signal: OTLPSignal = .traces) throws(OTLPDecodingError) -> OTLPPartialSuccess?
    {
        try OTLPPartialSuccess.read(bytes.span, of: signal)
    }

    @Test("of full success say nothing", arguments: OTLPSignal.allCases)
    func fullSuccess(signal: OTLPSignal) throws {
        #expect(try read([], signal) == nil)
        #expect(try read(field(1, []), signal) == nil)
    }

    @Test("of partial success say how many were refused and why", arguments: OTLPSignal.allCases)
    func partialSuccess(signal: OTLPSignal) throws {
        let bytes = field(1, [0x08, 0xAC, 0x02] + field(2, Array("no room".utf8)))
        #expect(try read(bytes, signal) == OTLPPartialSuccess(rejectedCount: 300, message: "no room"))
        #expect(try read(field(1, field(2, Array("old".utf8))), signal)?.rejectedCount == 0)
        #expect(try read(field(1, [0x08, 0x01]), signal)?.message == "")
    }

    @Test("that lie are put right: negative counts, invalid UTF-8, fields of the future")
    func hostile() throws {
        let negative: [UInt8] = [0x08] + [UInt8](repeating: 0xFF, count: 9) + [0x01]
        #expect(try read(field(1, negative)) == nil)
        let text = try read(field(1, negative + field(2, [0x61, 0xFF, 0x62])))
        #expect(text == OTLPPartialSuccess(rejectedCount: 0, message: "a\u{FFFD}b"))
        #expect(
            try read(field(9, [1, 2]) + field(1, [0x08, 0x02])) == OTLPPartialSuccess(rejectedCount: 2, message: ""))
        #expect(try read(field(1, [0x08, 0x02] + field(2, [0x61, 0, 0x62])))?.message == "a")
    }

    @Test("of failure are a code and a reason")
    func status() throws {
        let bytes: [UInt8] = [0x08, 0x03] + field(2, Array("bad".utf8)) + field(3, [1, 2, 3])
        #expect(try OTLPStatus(reading: bytes.span) == OTLPStatus(code: 3, message: "bad"))
        #expect(try OTLPStatus(reading: [UInt8]().span) == OTLPStatus(code: 0, message: ""))
    }

    @Test("that are something else are malformed")
    func malformed() {
        let html = Array("<html>captive portal</html>".utf8)
        for bytes in [
            html, [0xFF, 0xFF, 0xFF, 0x01], [0x0A], [0x0A, 0x05, 0x08], [0x0B, 0x0C], [0x0A, 0xFF, 0xFF, 0xFF, 0x7F],
        ] {
            #expect(throws: OTLPDecodingError.malformed) { try read(bytes) }
            #expect(throws: OTLPDecodingError.malformed) { try OTLPStatus(reading: bytes.span) }
        }
    }

    @Test("of more bytes than are read are too large")
    func tooLarge() throws {
        let most = OTLPAnswer.maximumByteCount
        #expect(throws: OTLPDecodingError.tooLarge(byteCount: most + 1)) {
            try read([UInt8](repeating: 0, count: most + 1))
        }
        let longest = field(1, field(2, [UInt8](repeating: 0x61, count: most - 8)))
        #expect(longest.count == most)
        #expect(try read(longest)?.message.utf8.count == most - 8)
    }

    @Test("of random bytes and of changed ones give a value or an error")
    func random() {
        var random = RandomRecords(state: 4)
        let good = field(1, [0x08, 0xAC, 0x02] + field(2, Array("no room".utf8)))
        var valueCount = 0
        for round in 0..<6_000 {
            var bytes = good
            if round % 2 == 0 {
                bytes[random.below(bytes.count)] = UInt8(truncatingIfNeeded: random.next())
            } else {
                bytes = (0..<random.below(40)).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            }
            if let answer = try? read(bytes, OTLPSignal.allCases[round % 3]) {
                valueCount += 1
                #expect(answer.rejectedCount >= 0)
                #expect(answer.message.utf8.count <= 3 * bytes.count)
            }
            if let status = try? OTLPStatus(reading: bytes.span) {
                #expect(status.message.utf8.count <= 3 * bytes.count)
            }
        }
        #expect(valueCount > 300)
    }
}
