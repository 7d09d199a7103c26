// SPDX-License-Identifier: MIT OR Apache-2.0

public import Instrumentation
public import VitrineObservability

/// What a service context carries of a span of ours.
struct CarriedSpan: Sendable {
    /// The span itself, or the span elsewhere that asked for the work.
    let span: SpanContext
    /// The current span of ours when this one began: any other that is current later was made inside of this one.
    let enclosing: SpanContext?
    /// The `tracestate` header that came with the trace.
    let traceState: String?
}

private enum CarriedSpanKey: ServiceContextKey {
    typealias Value = CarriedSpan
    static var nameOverride: String? { "vitrine-span" }
}

extension ServiceContext {
    /// The span that a `VitrineTracer` put here or found in the headers of a request.
    ///
    /// Setting it keeps what else is known of the trace, if it is of the same one.
    public var vitrineSpanContext: SpanContext? {
        get { carriedSpan?.span }
        set { carry(newValue, enclosing: .current) }
    }

    var carriedSpan: CarriedSpan? {
        get { self[CarriedSpanKey.self] }
        set { self[CarriedSpanKey.self] = newValue }
    }

    mutating func carry(_ span: SpanContext?, enclosing: SpanContext?) {
        let traceState = carriedSpan.flatMap { $0.span.traceID == span?.traceID ? $0.traceState : nil }
        carriedSpan = span.map { CarriedSpan(span: $0, enclosing: enclosing, traceState: traceState) }
    }

    /// The innermost span around the caller who was given this context: the one it carries, or the current one of ours.
    ///
    /// Each of the two worlds keeps its current span for itself, so which was begun last is told by what was current
    /// when the carried one began. A context that is not the current one was chosen by the caller, and its span counts.
    var innermostSpan: SpanContext? {
        let current = SpanContext.current
        guard let carried = carriedSpan else { return current }
        guard let current, current != carried.span, current != carried.enclosing,
            ServiceContext.current?.carriedSpan?.span == carried.span
        else { return carried.span }
        return current
    }
}
