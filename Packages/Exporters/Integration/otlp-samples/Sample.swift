// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineOTLP
import VitrineObservability

/// Content that is emitted on its own, under the name of a service of its own, by which it is found again.
struct Sample: Sendable {
    /// What is special about it, in words with hyphens.
    let name: String
    /// How much of each record goes out.
    var limits = OTLPLimits()
    /// Makes spans and events.
    var emit: @Sendable () -> Void = {}
    /// Counts in a registry that keeps exemplars.
    var count: @Sendable (MetricsRegistry) -> Void = { _ in }
    /// Families that no registry would give.
    var families: [MetricFamily] = []

    init(_ name: String) { self.name = name }

    init(_ name: String, emit: @escaping @Sendable () -> Void) {
        self.name = name
        self.emit = emit
    }

    init(_ name: String, count: @escaping @Sendable (MetricsRegistry) -> Void) {
        self.name = name
        self.count = count
    }

    init(_ name: String, families: [MetricFamily]) {
        self.name = name
        self.families = families
    }

    /// The service that seems to send it.
    var serviceName: String { "sample-\(name)" }

    /// All of them; names are unique.
    static var all: [Sample] { known + texts + numbers + shapes + sizes + series }
}

extension Sample {
    /// A moment that every receiver believes: 2026-01-02 03:04:05 UTC and so many nanoseconds.
    static func moment(_ nanoseconds: UInt64 = 0) -> Timestamp {
        Timestamp(nanosecondsSinceEpoch: 1_767_323_045_000_000_000 + nanoseconds)
    }

    /// Emits a span of 1 µs that is made by hand, and its events.
    static func forward(
        _ name: String = "span", target: String = "samples", in context: SpanContext = newContext(),
        parent: SpanID? = nil, origin: SpanOrigin = .guest, start: Timestamp = moment(),
        end: Timestamp = moment(1_000), _ fields: [Field] = [], links: [SpanLink] = [], status: SpanStatus = .unset,
        events: [EventRecord] = []
    ) {
        let metadata = Metadata(name: name, target: target, level: .info, kind: .span)
        var record = SpanRecord(
            context: context, parent: parent, metadata: metadata, origin: origin, start: start, fields: fields,
            links: links, status: status)
        Telemetry.spanDidStart(record)
        for event in events { Telemetry.emit(event) }
        record.end = end
        Telemetry.spanDidEnd(record)
    }

    /// An event that is made by hand.
    static func event(
        _ message: String, name: String = "event", in context: SpanContext? = nil, time: Timestamp = moment(500),
        level: Level = .info, _ fields: [Field] = []
    ) -> EventRecord {
        EventRecord(
            context: context, metadata: Metadata(name: name, target: "samples", level: level), origin: .guest,
            time: time, message: message, fields: fields)
    }

    /// The identity of a span that nobody has.
    static func newContext(flags: TraceFlags = .sampled) -> SpanContext {
        SpanContext(traceID: .random(), spanID: .random(), flags: flags)
    }

    /// Emits a field everywhere where there are fields: of a span, its event, its link, and of a log record.
    static func everywhere(_ fields: [Field]) {
        let context = newContext()
        forward(
            "carrier", in: context, fields, links: [SpanLink(newContext(), fields)],
            events: [event("inside", in: context, fields)])
        Telemetry.emit(event("outside", fields))
    }
}
