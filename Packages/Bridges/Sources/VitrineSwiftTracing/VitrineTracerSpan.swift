// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
public import Tracing
import VitrineObservability

/// A span that a `VitrineTracer` made. Subscribers get it complete when it ends; one that never ends they never get.
///
/// It may be used from any thread. After its end it takes nothing more.
public final class VitrineTracerSpan: Tracing.Span {
    /// The context for children, which carries this span, or its parent if this one is not recorded.
    public let context: ServiceContext

    private struct State {
        var name: String
        var attributes: SpanAttributes = [:]
        var links: [VitrineObservability.SpanLink] = []
        var status = VitrineObservability.SpanStatus.unset
        /// What the last recorded error said.
        var errorText: String?
        var isOpen: Bool
    }

    /// What was known at the start; nil if the span is not recorded.
    private let record: SpanRecord?
    private let state: Mutex<State>

    init(context: ServiceContext, record: SpanRecord?, name: String) {
        self.context = context
        self.record = record
        state = Mutex(State(name: name, isOpen: record != nil))
    }

    /// Whether subscribers will get it, and it has not ended.
    public var isRecording: Bool { state.withLock(\.isOpen) }

    /// The name; the last one set counts.
    public var operationName: String {
        get { state.withLock(\.name) }
        set { change { $0.name = newValue } }
    }

    /// The attributes, which become fields when the span ends.
    public var attributes: SpanAttributes {
        get { state.withLock(\.attributes) }
        set { change { $0.attributes = newValue } }
    }

    /// Says how the span goes; the last status counts. An error without a message gets what the last recorded error said.
    public func setStatus(_ status: Tracing.SpanStatus) {
        change { state in
            state.status =
                switch status.code {
                case .ok: .ok
                case .error: .error(status.message ?? state.errorText ?? "")
                }
        }
    }

    /// Ties the span to another. A link to a context that carries no span of ours is left out.
    public func addLink(_ link: Tracing.SpanLink) {
        guard let other = link.context.vitrineSpanContext else { return }
        let fields = link.attributes.fields
        change { $0.links.append(VitrineObservability.SpanLink(other, fields)) }
    }

    /// Makes an event of ours with the time, the name as its message and the attributes as its fields.
    public func addEvent(_ event: Tracing.SpanEvent) {
        guard let record, isRecording else { return }
        emit(
            record.metadata.ofEvent("event", record.metadata.level), at: event.nanosecondsSinceEpoch, event.name,
            event.attributes.fields)
    }

    /// Makes an event of the level `error`, named `exception`, of an error. The status stays as it is.
    public func recordError<Instant: TracerInstant>(
        _ error: any Error, attributes: SpanAttributes, at instant: @autoclosure () -> Instant
    ) {
        guard let record, isRecording else { return }
        let text = String(describing: error)
        change { $0.errorText = text }
        let type = Field(AttributeKey.errorType, String(describing: type(of: error)))
        emit(
            record.metadata.ofEvent("exception", .error), at: instant().nanosecondsSinceEpoch, text,
            [type] + attributes.fields)
    }

    /// Ends the span, once, at the given instant or at its start if that is later.
    public func end<Instant: TracerInstant>(at instant: @autoclosure () -> Instant) {
        guard let record else { return }
        let final: State? = state.withLock { state in
            guard state.isOpen else { return nil }
            state.isOpen = false
            return state
        }
        guard let final else { return }
        let start = record.metadata
        Telemetry.spanDidEnd(
            SpanRecord(
                context: record.context, parent: record.parent,
                metadata: Metadata(
                    name: final.name, target: start.target, level: start.level, kind: .span, file: start.file,
                    line: start.line),
                kind: record.kind, start: record.start, end: max(record.start, Timestamp(instant())),
                fields: final.attributes.fields, links: final.links, status: final.status))
    }

    private func change(_ body: (inout State) -> Void) {
        state.withLock { state in
            if state.isOpen { body(&state) }
        }
    }

    private func emit(_ metadata: Metadata, at nanoseconds: UInt64, _ message: String, _ fields: [Field]) {
        Telemetry.emit(
            EventRecord(
                context: record?.context, metadata: metadata, time: Timestamp(nanosecondsSinceEpoch: nanoseconds),
                message: message, fields: fields))
    }
}

extension Metadata {
    /// Of an event in the span that this is of.
    fileprivate func ofEvent(_ name: String, _ level: Level) -> Metadata {
        Metadata(name: name, target: target, level: level, kind: .event, file: file, line: line)
    }
}
