// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization

/// A span between its start and its end: the one allocation of a span somebody listens to.
@usableFromInline
final class OpenSpan: Sendable {
    /// What may still change.
    private struct Rest {
        var fields: [Field]
        var status = SpanStatus.unset
        var isEnded = false
    }

    /// The record of the start.
    private let started: SpanRecord
    private let rest: Mutex<Rest>

    @usableFromInline
    var context: SpanContext { started.context }

    /// Starts the span and tells the subscriber.
    @usableFromInline
    init(_ metadata: Metadata, parent: ParentSpan, fields: [Field]) {
        let above = parent.context
        started = SpanRecord(
            context: SpanContext(traceID: above?.traceID ?? .random(), spanID: .random()),
            parent: above?.spanID,
            metadata: metadata,
            start: .now,
            fields: fields
        )
        rest = Mutex(Rest(fields: fields))
        Telemetry.spanDidStart(started)
    }

    @usableFromInline
    func add(_ field: Field) {
        rest.withLock { $0.fields.append(field) }
    }

    @usableFromInline
    func setError(_ description: String) {
        rest.withLock { $0.status = .error(description) }
    }

    /// Marks the span as failed and records the error as an event, unless it came up from a child that did.
    @usableFromInline
    func recordError(_ error: any Error) {
        let text = String(describing: error)
        setError(text)
        guard ErrorLedger.shared.isNew(text, leaving: context.spanID, parent: started.parent) else { return }
        let place = started.metadata
        Telemetry.emit(
            EventRecord(
                context: context,
                metadata: Metadata(
                    name: "exception", target: place.target, level: .error, file: place.file, line: place.line),
                time: .now,
                message: text,
                fields: [Field("exception.type", String(describing: type(of: error)))]
            )
        )
    }

    /// Ends the span, once; a time before the start is the start, nil is now.
    @usableFromInline
    func end(at time: Timestamp?) {
        let rest = self.rest.withLock { rest -> Rest? in
            defer { rest.isEnded = true }
            return rest.isEnded ? nil : rest
        }
        guard let rest else { return }
        var record = started
        record.end = max(record.start, time ?? .now)
        record.fields = rest.fields
        record.status = rest.status
        Telemetry.spanDidEnd(record)
    }
}
