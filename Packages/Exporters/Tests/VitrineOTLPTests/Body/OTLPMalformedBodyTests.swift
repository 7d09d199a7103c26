// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineOTLP
import VitrineObservability

@Suite("OTLP, bodies that are none")
struct OTLPMalformedBodyTests {
    struct Malformed: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let bytes: [UInt8]
        var signals = OTLPSignal.allCases

        init(_ description: String, _ bytes: [UInt8], _ signals: [OTLPSignal] = OTLPSignal.allCases) {
            testDescription = description
            self.bytes = bytes
            self.signals = signals
        }
    }

    static let table: [Malformed] = [
        Malformed("a page", Array("<html>captive portal</html>".utf8)),
        Malformed("a tag alone", [0x0A]),
        Malformed("a tag that does not end", [0x8A, 0x80]),
        Malformed("a tag of eleven bytes", [UInt8](repeating: 0x80, count: 10) + [0]),
        Malformed("a tag beyond 32 bits", [0xFA, 0xFF, 0xFF, 0xFF, 0x7F, 0]),
        Malformed("field 0", [0x02, 0]),
        Malformed("a length that does not end", [0x0A, 0x80]),
        Malformed("a length beyond the end", [0x0A, 0x05, 0x08, 0x00]),
        Malformed("the largest length there is", [0x0A] + [UInt8](repeating: 0xFF, count: 9) + [0x01]),
        Malformed("the largest signed length", [0x0A] + [UInt8](repeating: 0xFF, count: 8) + [0x7F]),
        Malformed("a number that does not end", [0x18, 0xFF]),
        Malformed("a number of eleven bytes", [0x18] + [UInt8](repeating: 0xFF, count: 10) + [0]),
        Malformed("eight bytes cut off", [0x19, 1, 2, 3, 4, 5, 6, 7]),
        Malformed("four bytes cut off", [0x1D, 1, 2, 3]),
        Malformed("a group", [0x1B, 0x1C]),
        Malformed("the end of a group", [0x1C]),
        Malformed("the sixth type", [0x1E, 0]),
        Malformed("the seventh type", [0x1F, 0]),
        Malformed("a resource that is a number", [0x08, 0x01]),
        Malformed("a scope that is a number", Wire.field(1, [0x10, 0x01])),
        Malformed("a record of eight bytes", Wire.nested([1, 2], [0x11, 1, 2, 3, 4, 5, 6, 7, 8])),
        Malformed("a record beyond its scope", Wire.nested([1, 2], [0x12, 0x05]) + [0, 0, 0, 0, 0]),
        Malformed("nonsense behind a record", Wire.nested([1, 2, 2], []) + [0x0F]),
        Malformed("nonsense in a metric", Wire.nested([1, 2, 2], [0x0F]), [.metrics]),
        Malformed("points that are a number", Wire.nested([1, 2, 2, 7], [0x08, 1]), [.metrics]),
        Malformed("data of two kinds", Wire.nested([1, 2, 2], [0x2A, 0, 0x3A, 0]), [.metrics]),
        Malformed("data twice", Wire.nested([1, 2, 2], [0x2A, 0, 0x2A, 0]), [.metrics]),
    ]

    @Test("are malformed", arguments: table)
    func malformed(_ row: Malformed) {
        for signal in row.signals {
            #expect(throws: OTLPDecodingError.malformed) { try OTLPRequestBody(reading: row.bytes, of: signal) }
        }
    }

    @Test("are read where only a record is, as nobody looks into these")
    func record() throws {
        let bytes = Wire.nested([1, 2, 2], [0x0F])
        #expect(try OTLPRequestBody(reading: bytes, of: .traces).recordCount == 1)
    }

    @Test("cut off anywhere, give an error or have fewer records")
    func truncated() throws {
        let bytes = try Sample.traces(Sample.spans)
        for count in 1..<bytes.count {
            #expect(throws: OTLPDecodingError.malformed) {
                try OTLPRequestBody(reading: Array(bytes.prefix(count)), of: .traces)
            }
        }
    }

    @Test("are many levels deep, or have many records, without harm")
    func deep() throws {
        let deep = (0..<100_000).reduce(into: [UInt8]()) { bytes, _ in bytes += [0x12, 0x0A] }
        #expect((try? OTLPRequestBody(reading: deep, of: .metrics)) == nil)
        let many = Wire.nested([1, 2], (0..<20_000).flatMap { _ in [0x12, 0x00] as [UInt8] })
        let body = try OTLPRequestBody(reading: many, of: .logs)
        #expect(body.recordCount == 20_000)
        #expect(body.halves?.0.recordCount == 10_000)
        #expect(body.halves?.1.bytes.count == body.halves?.0.bytes.count)
    }

    @Test("changed at random, give an error, or halves that have the same records as protobuf-c reads them")
    func changed() throws {
        var random = RandomRecords(state: 17)
        let good = [
            try Sample.traces(Sample.spans), try Sample.logs(Sample.events), try Sample.metrics(Sample.families),
        ]
        let signals: [OTLPSignal] = [.traces, .logs, .metrics]
        var comparedCount = 0
        for round in 0..<6_000 {
            let (signal, kind) = (signals[round % 3], round % 3)
            var bytes = good[kind]
            for _ in 0..<(1 + random.below(2)) {
                // The messages around the records are mostly at the beginning.
                let place = random.below(random.below(2) == 0 ? bytes.count : 40)
                bytes[place] = UInt8(truncatingIfNeeded: random.next() >> UInt64(random.below(8)))
            }
            guard let body = try? OTLPRequestBody(reading: bytes, of: signal), let halves = body.halves else {
                continue
            }
            #expect(halves.0.recordCount + halves.1.recordCount == body.recordCount)
            for half in [halves.0, halves.1] {
                #expect((try? OTLPRequestBody(reading: half.bytes, of: signal)) == half)
            }
            guard let whole = DecodedMessage(bytes, signal) else { continue }
            let parts = [DecodedMessage(halves.0.bytes, signal), DecodedMessage(halves.1.bytes, signal)]
            #expect(parts.flatMap { $0?.tree.records(signal) ?? [] } == whole.tree.records(signal))
            comparedCount += 1
        }
        #expect(comparedCount > 1_000)
    }
}
