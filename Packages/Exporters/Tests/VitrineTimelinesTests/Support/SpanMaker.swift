// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineObservability

/// A span with times of its own, counted from some moment, handed to whoever listens.
struct MadeSpan {
    static let base: UInt64 = 1_795_640_755_000_000_000

    var record: SpanRecord

    static func time(_ nanoseconds: UInt64) -> Timestamp { Timestamp(nanosecondsSinceEpoch: base + nanoseconds) }

    init(
        _ name: String, in parent: MadeSpan? = nil, _ origin: SpanOrigin = .host, at nanoseconds: UInt64,
        _ fields: [Field] = [], kind: SpanKind = .internal, links: [SpanLink] = [], level: Level = .info,
        isTold: Bool = true
    ) {
        record = SpanRecord(
            context: SpanContext(traceID: parent?.record.context.traceID ?? .random(), spanID: .random()),
            parent: parent?.record.context.spanID,
            metadata: Metadata(
                name: name, target: "test.\(origin)", level: level, kind: .span, file: "A/B.swift", line: 7),
            origin: origin, kind: kind, start: Self.time(nanoseconds), fields: fields, links: links)
        if isTold { Telemetry.spanDidStart(record) }
    }

    func end(at nanoseconds: UInt64, _ status: SpanStatus = .unset) {
        var ended = record
        ended.end = Self.time(nanoseconds)
        ended.status = status
        Telemetry.spanDidEnd(ended)
    }

    func say(_ message: String, at nanoseconds: UInt64, _ fields: [Field] = [], level: Level = .warn) {
        Telemetry.emit(
            EventRecord(
                context: record.context, metadata: Metadata(name: "event", target: "test", level: level),
                origin: record.origin, time: Self.time(nanoseconds), message: message, fields: fields))
    }
}
