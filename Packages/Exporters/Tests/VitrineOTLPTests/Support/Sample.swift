// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import VitrineOTLP
import VitrineObservability

/// The records of the golden requests: one of each kind of everything.
enum Sample {
    static let traceID = TraceID("0af7651916cd43dd8448eb211c80319c") ?? .random()
    static let time: UInt64 = 1_764_000_000_000_000_000

    static func context(_ span: UInt64, flags: TraceFlags = .sampled) -> SpanContext {
        SpanContext(traceID: traceID, spanID: SpanID(rawValue: span) ?? .random(), flags: flags)
    }

    static func at(_ nanoseconds: UInt64) -> Timestamp { Timestamp(nanosecondsSinceEpoch: time + nanoseconds) }

    static let values: [Field] = [
        Field("yes", true), Field("no", false), Field("least", .int64(.min)), Field("zero", 0),
        Field("large", .uint64(.max)), Field("unsigned", .uint64(7)), Field("half", 0.5), Field("nothing", 0.0),
        Field("nan", .double(.nan)), Field("infinite", .double(-.infinity)), Field("empty", ""),
        Field("text", "Grüße, 漢字 🙂"), Field("bools", .bools([true, false])), Field("ints", .int64s([1, 0, -1])),
        Field("doubles", .doubles([0, 1.5])), Field("strings", .strings(["", "a\0b"])), Field("none", .strings([])),
    ]

    static func metadata(_ name: String, _ level: Level = .info, _ kind: RecordKind = .span) -> Metadata {
        Metadata(name: name, target: "kitchen", level: level, kind: kind, file: "Kitchen/Eggs.swift", line: 12)
    }

    static let events: [EventRecord] = [
        EventRecord(
            context: context(1), metadata: metadata("event", .debug, .event), time: at(10), message: "timer set",
            fields: [Field("minutes", 4)]),
        EventRecord(
            context: context(1), metadata: metadata("exception", .error, .event), origin: .guest, time: at(20),
            message: "burnt", fields: [Field("exception.type", "ToastError")]),
        EventRecord(
            context: nil, metadata: Metadata(name: "door.opened", target: "hall", level: .trace), time: at(30),
            message: ""),
    ]

    static let spans: [OTLPSpan] = {
        let links = [SpanLink(context(9, flags: []), [Field("why", "batch")]), SpanLink(context(10))]
        let kinds: [(SpanKind, SpanStatus)] = [
            (.internal, .unset), (.server, .ok), (.client, .error("timed out")), (.producer, .error("")),
            (.consumer, .unset),
        ]
        return kinds.enumerated().map { index, kind in
            OTLPSpan(
                SpanRecord(
                    context: context(UInt64(index) + 1), parent: SpanID(rawValue: UInt64(index)),
                    metadata: metadata("step \(index)"), origin: index == 1 ? .guest : .host, kind: kind.0,
                    start: at(0), end: at(UInt64(index) * 100), fields: index == 0 ? values : [],
                    links: index == 1 ? links : [], status: kind.1),
                events: index == 0 ? events : [], droppedFieldCount: index, droppedEventCount: 2 * index,
                droppedLinkCount: 3 * index)
        }
    }()

    /// The bytes of a request.
    static func traces(
        _ spans: [OTLPSpan], limits: OTLPLimits = OTLPLimits(), details: OTLPDetails = .all
    ) throws -> [UInt8] {
        var encoder = try OTLPEncoder(
            resource: Expectation.sender, scope: Expectation.library, limits: limits, details: details)
        var bytes: [UInt8] = []
        try encoder.appendTraces(spans.span, to: &bytes)
        return bytes
    }

    static func logs(_ events: [EventRecord], limits: OTLPLimits = OTLPLimits()) throws -> [UInt8] {
        var encoder = try OTLPEncoder(resource: Expectation.sender, scope: Expectation.library, limits: limits)
        var bytes: [UInt8] = []
        try encoder.appendLogs(events.span, to: &bytes)
        return bytes
    }

    static func metrics(_ families: [MetricFamily]) throws -> [UInt8] {
        var encoder = try OTLPEncoder(resource: Expectation.sender, scope: Expectation.library)
        var bytes: [UInt8] = []
        try encoder.appendMetrics(families, from: at(0), to: at(1_000), into: &bytes)
        return bytes
    }

    static func fixture(_ name: String) throws -> Data {
        try Data(
            contentsOf: URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../Fixtures/\(name)"))
    }
}
