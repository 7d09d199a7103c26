// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineOTLP
import VitrineObservability

@Suite("OTLP, random records")
struct OTLPRandomTests {
    @Test("are read field by field as they were given, and packed again to the same bytes", arguments: 1...60)
    func traces(seed: UInt64) throws {
        var random = RandomRecords(state: seed)
        let spans = (0..<random.below(8)).map { _ in random.span() }
        let bytes = try Sample.traces(spans)
        let decoded = try #require(DecodedMessage(bytes, .traces))
        #expect(decoded.repacked == bytes)
        let scope = try #require(decoded.tree["resource_spans"]?["scope_spans"])
        #expect((scope["spans"]?.elements ?? []) == spans.map(Expectation.span))
    }

    @Test("are the same as log records", arguments: 1...60)
    func logs(seed: UInt64) throws {
        var random = RandomRecords(state: seed)
        let events = (0..<random.below(12)).map { _ in random.event() }
        let bytes = try Sample.logs(events)
        let decoded = try #require(DecodedMessage(bytes, .logs))
        #expect(decoded.repacked == bytes)
        let scope = try #require(decoded.tree["resource_logs"]?["scope_logs"])
        #expect((scope["log_records"]?.elements ?? []) == events.map(Expectation.log))
    }

    @Test("come one after the other out of one encoder as out of new ones")
    func reuse() throws {
        var random = RandomRecords(state: 99)
        var limits = OTLPLimits()
        limits.retainedByteCount = 100_000
        var encoder = try OTLPEncoder(resource: Expectation.sender, scope: Expectation.library, limits: limits)
        for round in 0..<40 {
            let spans = (0..<random.below(round % 7 == 0 ? 60 : 4)).map { _ in random.span() }
            var bytes: [UInt8] = [1, 2, 3]
            if round % 3 == 0 {
                try encoder.appendMetrics(Sample.families, from: Sample.at(0), to: Sample.at(1_000), into: &bytes)
                #expect(bytes == [1, 2, 3] + (try Sample.metrics(Sample.families)))
            } else {
                try encoder.appendTraces(spans.span, to: &bytes)
                #expect(bytes == [1, 2, 3] + (try Sample.traces(spans)))
            }
        }
        var empty: [UInt8] = []
        try encoder.appendTraces([OTLPSpan]().span, to: &empty)
        #expect(encoder.heldByteCount <= 100_000)
    }
}
