// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineOTLP
import VitrineObservability

@Suite("OTLP, bodies that are taken apart")
struct OTLPRequestBodyTests {
    /// Halves of halves, down to what has no halves.
    private func leaves(_ body: OTLPRequestBody) throws -> [OTLPRequestBody] {
        guard let (first, second) = body.halves else { return [body] }
        #expect(first.recordCount == body.recordCount / 2)
        #expect(first.recordCount + second.recordCount == body.recordCount)
        for half in [first, second] {
            #expect(half.bytes.count < body.bytes.count)
            #expect(try OTLPRequestBody(reading: half.bytes, of: half.signal) == half)
        }
        return try leaves(first) + leaves(second)
    }

    /// Whether single records are, as protobuf-c reads them, those of the whole in its order, each in its resource and scope.
    private func check(_ bytes: [UInt8], _ signal: OTLPSignal) throws {
        let body = try OTLPRequestBody(reading: bytes, of: signal)
        let whole = try #require(DecodedMessage(bytes, signal)).tree.records(signal)
        #expect(body.recordCount == whole.count)
        let leaves = try leaves(body)
        #expect(leaves.allSatisfy { $0.recordCount == 1 } || whole.isEmpty && leaves == [body])
        let records = try leaves.flatMap { try #require(DecodedMessage($0.bytes, signal)).tree.records(signal) }
        #expect(records == whole)
    }

    /// One of several resources, each with records: the messages of a request are those of two, one behind the other.
    private func request(
        of random: inout RandomRecords, _ append: (inout OTLPEncoder, inout RandomRecords, inout [UInt8]) throws -> Void
    ) throws -> [UInt8] {
        var bytes: [UInt8] = []
        for _ in 0..<(1 + random.below(4)) {
            var encoder = try OTLPEncoder(
                resource: OTLPResource(random.fields(), schemaURL: random.text()),
                scope: OTLPScope(
                    name: random.text(), version: random.text(), fields: random.fields(), schemaURL: random.text()))
            try append(&encoder, &random, &bytes)
        }
        return bytes
    }

    @Test("have spans as they were, down to single ones", arguments: 1...25)
    func traces(seed: UInt64) throws {
        var random = RandomRecords(state: seed)
        let bytes = try request(of: &random) { encoder, random, bytes in
            let spans = (0..<random.below(6)).map { _ in random.span() }
            try encoder.appendTraces(spans.span, to: &bytes)
        }
        try check(bytes, .traces)
    }

    @Test("have log records as they were", arguments: 1...25)
    func logs(seed: UInt64) throws {
        var random = RandomRecords(state: seed)
        let bytes = try request(of: &random) { encoder, random, bytes in
            let events = (0..<random.below(9)).map { _ in random.event() }
            try encoder.appendLogs(events.span, to: &bytes)
        }
        try check(bytes, .logs)
    }

    @Test("have data points as they were, each in its metric", arguments: 1...25)
    func metrics(seed: UInt64) throws {
        var random = RandomRecords(state: seed)
        let bytes = try request(of: &random) { encoder, random, bytes in
            let families = Sample.families.shuffled(using: &random).prefix(random.below(6))
            try encoder.appendMetrics(Array(families), from: Sample.at(0), to: Sample.at(1_000), into: &bytes)
        }
        try check(bytes, .metrics)
    }

    @Test("of another program have several scopes in a resource, and each part has its own")
    func scopes() throws {
        func scope(_ name: String, _ records: [String]) -> [UInt8] {
            Wire.field(
                2,
                records.flatMap { Wire.field(2, Wire.text(5, $0)) } + Wire.field(1, Wire.text(1, name))
                    + Wire.text(3, "of " + name))
        }
        let bytes = Wire.field(
            1, scope("a", ["1", "2", "3"]) + Wire.text(3, "schema") + scope("b", []) + scope("c", ["4", "5"]))
        try check(bytes, .traces)
        let halves = try #require(try OTLPRequestBody(reading: bytes, of: .traces).halves)
        let first = Wire.field(1, scope("a", ["1", "2"]) + Wire.text(3, "schema"))
        #expect(halves.0.bytes == first)
        #expect(
            halves.1.bytes
                == Wire.field(1, scope("a", ["3"]) + Wire.text(3, "schema") + scope("b", []) + scope("c", ["4", "5"])))
    }

    @Test("keep what nobody knows byte for byte, and in its place")
    func unknown() throws {
        // A number written longer than it has to be, of a field that there is not.
        let odd: [UInt8] = [0xF8, 0x87, 0x00, 0x81, 0x80, 0x00]
        let fixed: [UInt8] = [0xF9, 0x07, 1, 2, 3, 4, 5, 6, 7, 8, 0xFD, 0x07, 1, 2, 3, 4]
        func request(_ points: [UInt8]) -> [UInt8] {
            let sum = odd + points + Wire.field(2, value: 2) + fixed
            let metric = fixed + Wire.text(1, "m") + Wire.field(7, sum) + odd
            return odd + Wire.field(1, odd + Wire.field(2, odd + Wire.field(2, metric) + odd) + fixed) + odd
        }
        let points = (0..<3).map { Wire.field(1, [0x30, UInt8($0)] + odd) }
        let body = try OTLPRequestBody(reading: request(points.flatMap(\.self)), of: .metrics)
        let halves = try #require(body.halves)
        #expect(halves.0.bytes == request(points[0]))
        #expect(halves.1.bytes == request(points[1] + points[2]))
        #expect(halves.1.halves?.1.bytes == request(points[2]))
    }

    @Test("have what has no records in one of both")
    func empty() throws {
        let record = Wire.nested([1, 2, 2], [])
        let empty = (0..<4).map { Wire.field(1, Wire.text(3, "empty \($0)")) }
        let bytes = empty[0] + record + empty[1] + record + empty[2] + record + empty[3]
        let halves = try #require(try OTLPRequestBody(reading: bytes, of: .logs).halves)
        #expect(halves.0.bytes == empty[0] + record)
        #expect(halves.1.bytes == empty[1] + record + empty[2] + record + empty[3])
    }

    @Test("have no halves where there is one record or none", arguments: OTLPSignal.allCases)
    func single(signal: OTLPSignal) throws {
        let path: [UInt64] = signal == .metrics ? [1, 2, 2, 11, 1] : [1, 2, 2]
        for (bytes, count) in [([], 0), (Wire.nested([1, 2], []), 0), (Wire.nested(path, []), 1)] {
            let body = try OTLPRequestBody(reading: bytes, of: signal)
            #expect(body.recordCount == count)
            #expect(body.halves == nil)
        }
    }
}
