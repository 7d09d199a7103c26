// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineOTLP
import VitrineObservability

@Suite("OTLP, limits")
struct OTLPLimitsTests {
    private func span(events: Int = 0, links: Int = 0, text: String = "") -> OTLPSpan {
        let record = SpanRecord(
            context: Sample.context(1), parent: nil, metadata: Sample.metadata("work"), start: Sample.at(0),
            end: Sample.at(1), fields: [Field("text", text)],
            links: (0..<links).map { SpanLink(Sample.context(UInt64($0) + 1)) })
        let event = EventRecord(
            context: nil, metadata: Sample.metadata("event", .info, .event), time: Sample.at(0), message: "e")
        return OTLPSpan(
            record, events: [EventRecord](repeating: event, count: events), droppedEventCount: 4, droppedLinkCount: -1)
    }

    @Test("keep the first events and links of a span, and count the others")
    func eventsAndLinks() throws {
        var limits = OTLPLimits()
        limits.eventCount = 2
        limits.linkCount = 3
        let bytes = try Sample.traces([span(events: 5, links: 9)], limits: limits)
        let tree = try #require(DecodedMessage(bytes, .traces)?.tree["resource_spans"]?["scope_spans"]?["spans"])
        #expect(tree["events"]?.elements.count == 2)
        #expect(tree["dropped_events_count"] == "7")
        #expect(tree["links"]?.elements.map { $0["span_id"]?.text?.last } == ["1", "2", "3"])
        #expect(tree["dropped_links_count"] == "6")
    }

    @Test("refuse a request that could be too large, append nothing of it, and take the next one")
    func tooLarge() throws {
        var limits = OTLPLimits()
        limits.requestByteCount = 4_096
        limits.retainedByteCount = 0
        var encoder = try OTLPEncoder(resource: Expectation.sender, limits: limits)
        var bytes: [UInt8] = [1]
        let large = [OTLPSpan](repeating: span(text: String(repeating: "x", count: 1_000)), count: 4)
        #expect(throws: OTLPEncodingError.tooLarge(maximumByteCount: 4_096)) {
            try encoder.appendTraces(large.span, to: &bytes)
        }
        #expect(throws: OTLPEncodingError.tooLarge(maximumByteCount: 4_096)) {
            let ints = [Field("ints", .int64s([Int64](repeating: 0, count: 300)))]
            let event = EventRecord(
                context: nil, metadata: Sample.metadata("event"), time: Sample.at(0), message: "", fields: ints)
            try encoder.appendLogs([event].span, to: &bytes)
        }
        #expect(throws: OTLPEncodingError.tooLarge(maximumByteCount: 4_096)) {
            let value = HistogramValue(bounds: [], bucketCounts: [UInt64](repeating: 1, count: 1_000), sum: 0)
            let exponential = ExponentialHistogramValue(
                scale: 0, zeroCount: 0, zeroThreshold: 0, offset: 0, bucketCounts: value.bucketCounts, sum: 0)
            let family = MetricFamily(
                name: "a", help: "", kind: .exponentialHistogram,
                series: [MetricSeries(labels: [], value: .exponentialHistogram(exponential))])
            try encoder.appendMetrics([family], from: Sample.at(0), to: Sample.at(1), into: &bytes)
        }
        #expect(bytes == [1])
        try encoder.appendTraces(large.span.extracting(first: 1), to: &bytes)
        #expect(bytes.count > 1_000)
        #expect(DecodedMessage([UInt8](bytes.dropFirst()), .traces) != nil)
        limits.requestByteCount = 10
        var narrow = try OTLPEncoder(resource: Expectation.sender, limits: limits)
        #expect(throws: OTLPEncodingError.tooLarge(maximumByteCount: 10)) {
            try narrow.appendTraces(large.span, to: &bytes)
        }
    }

    @Test("let an encoder keep the memory of its largest request, up to what it may, and get no more for the next")
    func retained() throws {
        let spans = [OTLPSpan](repeating: span(events: 3, text: "text"), count: 2_000)
        var limits = OTLPLimits()
        var encoder = try OTLPEncoder(resource: Expectation.sender, limits: limits)
        var bytes: [UInt8] = []
        try encoder.appendTraces(spans.span, to: &bytes)
        let first = encoder.heldByteCount
        for _ in 0..<3 {
            bytes.removeAll(keepingCapacity: true)
            try encoder.appendTraces(spans.span, to: &bytes)
            #expect(encoder.heldByteCount == first)
        }
        limits.retainedByteCount = 200_000
        var small = try OTLPEncoder(resource: Expectation.sender, limits: limits)
        try small.appendTraces(spans.span, to: &bytes)
        #expect(small.heldByteCount > 1_000_000)
        try small.appendTraces(spans.span.extracting(first: 1), to: &bytes)
        #expect(small.heldByteCount == 200_000)
    }
}
