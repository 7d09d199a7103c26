// SPDX-License-Identifier: MIT OR Apache-2.0

import Tracing
import VitrineObservability

extension Tracing.SpanKind {
    /// The kind of the same name.
    init(_ kind: VitrineObservability.SpanKind) {
        self =
            switch kind {
            case .internal: .internal
            case .server: .server
            case .client: .client
            case .producer: .producer
            case .consumer: .consumer
            }
    }
}

extension VitrineObservability.SpanKind {
    /// The kind of the same name.
    init(_ kind: Tracing.SpanKind) {
        self =
            switch kind {
            case .internal: .internal
            case .server: .server
            case .client: .client
            case .producer: .producer
            case .consumer: .consumer
            }
    }
}

extension Timestamp {
    /// The moment of an instant.
    init(_ instant: some TracerInstant) {
        self.init(nanosecondsSinceEpoch: instant.nanosecondsSinceEpoch)
    }

    /// The moment as an instant.
    var instant: DefaultTracerClock.Timestamp {
        DefaultTracerClock.Timestamp(nanosecondsSinceEpoch: nanosecondsSinceEpoch)
    }
}

/// The keys of attributes that the bridge itself writes.
enum AttributeKey {
    /// How much a span or an event matters: `error`, `warn`, `info`, `debug` or `trace`.
    static let level = "vitrine.level"
    /// The part of the program.
    static let target = "vitrine.target"
    /// `guest` for what a guest said.
    static let origin = "vitrine.origin"
    /// The trace as logs and metrics of ours name it; the tracer has identifiers of its own.
    static let traceID = "vitrine.trace_id"
    /// The span as logs and metrics of ours name it.
    static let spanID = "vitrine.span_id"
    /// The type of an error, by OpenTelemetry's name for it.
    static let errorType = "exception.type"
}
