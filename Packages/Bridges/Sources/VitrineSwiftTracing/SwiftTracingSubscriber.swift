// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
public import Tracing
public import VitrineObservability

/// Makes spans of a tracer of swift-distributed-tracing out of ours, those of guests included.
///
///     Telemetry.install(SwiftTracingSubscriber(tracer))
///
/// Start and end are the instants of our span, whenever the subscriber is told of them. Fields become attributes of
/// their type, errors the status, links links, events events with their own time; an error that was recorded is
/// recorded. Besides there are the attributes `vitrine.level`, `vitrine.target`, `vitrine.origin` for what a guest said, and
/// `vitrine.trace_id` and `vitrine.span_id`, since the tracer has identifiers of its own; no field takes their place.
///
/// A root of ours is a child of the span in `ServiceContext.current`, if there is one: what the application traces by
/// itself stays above. A parent that the tracer has not seen, in another process for example, is handed to it as a
/// `traceparent` header. Events outside of spans have no place in a trace and are left out.
///
/// Open spans are kept in a table: up to `maximumOpenSpanCount`. A span that finds no room there is made whole at its end,
/// with its times, but its events and its place above its children are lost; `losses` counts both. The contexts of 1,024
/// ended spans are remembered for children that begin later.
public final class SwiftTracingSubscriber: Subscriber {
    /// The default of `maximumOpenSpanCount`.
    public static let defaultMaximumOpenSpanCount = 4_096

    /// What could not be handed on as it was.
    public struct Losses: Sendable, Hashable {
        /// Spans that found no room at their start.
        public var unopenedSpanCount: UInt64 = 0
        /// Events in spans that were not open.
        public var droppedEventCount: UInt64 = 0
    }

    /// The most verbose level of spans and events.
    public let maximumLevel: Level

    /// How many spans may be open at once.
    public let maximumOpenSpanCount: Int

    private struct State {
        var spans: OpenTracerSpans
        var losses = Losses()
    }

    private let tracer: any Tracer
    private let state: Mutex<State>

    /// A subscriber that makes spans of a tracer.
    public init(
        _ tracer: any Tracer, maximumLevel: Level = .info,
        maximumOpenSpanCount: Int = SwiftTracingSubscriber.defaultMaximumOpenSpanCount
    ) {
        self.tracer = tracer
        self.maximumLevel = maximumLevel
        self.maximumOpenSpanCount = max(0, maximumOpenSpanCount)
        state = Mutex(State(spans: OpenTracerSpans(maximumCount: max(0, maximumOpenSpanCount))))
    }

    /// What was lost so far.
    public var losses: Losses { state.withLock(\.losses) }

    /// How many spans are open now.
    public var openSpanCount: Int { state.withLock(\.spans.count) }

    /// Times and starts.
    public var needs: SubscriberNeeds { [.timestamps, .spanStarts] }

    /// Begins a span of the tracer.
    public func spanDidStart(_ span: borrowing SpanView) {
        let hasRoom = state.withLock { state in
            let hasRoom = state.spans.reserve()
            if !hasRoom { state.losses.unopenedSpanCount += 1 }
            return hasRoom
        }
        guard hasRoom else { return }
        let new = start(span)
        let key = OpenTracerSpans.Key(span.context)
        state.withLock { $0.spans.fill(key, new) }
    }

    /// Ends it, or makes one that was not begun.
    public func spanDidEnd(_ span: borrowing SpanView) {
        let key = OpenTracerSpans.Key(span.context)
        let known = state.withLock { $0.spans.take(key) }
        let ending = known ?? start(span)
        if known == nil { state.withLock { $0.spans.remember(key, ending.context) } }
        finish(ending, as: span)
    }

    /// Adds an event to the span it is in.
    public func eventDidOccur(_ event: borrowing EventView) {
        guard let context = event.context else { return }
        let key = OpenTracerSpans.Key(context)
        let span = state.withLock { state in
            let span = state.spans.span(key)
            if span == nil { state.losses.droppedEventCount += 1 }
            return span
        }
        guard let span else { return }
        let metadata = event.metadata
        var attributes = SpanAttributes(event.fields)
        attributes.describe(metadata, event.origin)
        if metadata.name == "exception", metadata.level == .error {
            span.recordError(
                RecordedError(description: event.message), attributes: attributes, at: event.time.instant)
        } else {
            span.addEvent(Tracing.SpanEvent(name: event.message, at: event.time.instant, attributes: attributes))
        }
    }

    /// Flushes the tracer.
    public func flush() {
        let flush: any Flush = TracerFlush(tracer: tracer)
        flush.run()
    }

    private func start(_ span: borrowing SpanView) -> any Tracing.Span {
        let metadata = span.metadata
        let above = span.parent.map {
            SpanContext(traceID: span.context.traceID, spanID: $0, flags: span.context.flags)
        }
        let context = above.map(self.context) ?? ServiceContext.current ?? .topLevel
        return tracer.startSpan(
            metadata.name, context: context, ofKind: Tracing.SpanKind(span.kind), at: span.start.instant, function: "",
            file: metadata.file, line: UInt(metadata.line))
    }

    private func finish(_ ending: any Tracing.Span, as span: borrowing SpanView) {
        let metadata = span.metadata
        // A name may have changed since the start.
        if ending.operationName != metadata.name { ending.operationName = metadata.name }
        var attributes = SpanAttributes(span.fields)
        attributes.describe(metadata, span.origin)
        attributes.set(AttributeKey.traceID, value: .string(span.context.traceID.description))
        attributes.set(AttributeKey.spanID, value: .string(span.context.spanID.description))
        ending.updateAttributes { $0.merge(attributes) }
        for link in span.links {
            ending.addLink(
                Tracing.SpanLink(context: context(of: link.context), attributes: SpanAttributes(link.fields.span)))
        }
        switch span.status {
        case .unset: break
        case .ok: ending.setStatus(Tracing.SpanStatus(code: .ok))
        case .error(let text): ending.setStatus(Tracing.SpanStatus(code: .error, message: text))
        }
        ending.end(at: (span.end ?? span.start).instant)
    }

    /// The tracer's context of a span of ours, or what it makes of a span it has not seen.
    private func context(of span: SpanContext) -> ServiceContext {
        if let known = state.withLock({ $0.spans.context(OpenTracerSpans.Key(span)) }) { return known }
        if let current = ServiceContext.current, current.vitrineSpanContext == span { return current }
        var context = ServiceContext.topLevel
        tracer.extract([TraceHeader.parent: span.traceparent], into: &context, using: HeaderDictionary())
        return context
    }
}

/// An error of which only the words are left.
private struct RecordedError: Error, CustomStringConvertible {
    let description: String
}

/// `forceFlush` is deprecated in favour of the tracers' own life cycles; for a tracer of any type there is nothing else. Called
/// through a protocol, because a call of a deprecated method is a warning.
private protocol Flush {
    func run()
}

private struct TracerFlush: Flush {
    let tracer: any Tracer

    @available(*, deprecated, message: "Call it through the protocol.")
    func run() {
        tracer.forceFlush()
    }
}

extension SpanAttributes {
    /// Adds what is known besides the fields, and takes away what only looks like it.
    fileprivate mutating func describe(_ metadata: Metadata, _ origin: SpanOrigin) {
        set(AttributeKey.level, value: .string(metadata.level.description))
        set(AttributeKey.target, value: .string(metadata.target))
        set(AttributeKey.origin, value: origin == .guest ? "guest" : nil)
    }
}
