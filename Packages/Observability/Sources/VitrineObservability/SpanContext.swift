// SPDX-License-Identifier: MIT OR Apache-2.0

/// Which span of which trace: what a child needs to know of its parent, and all that crosses a boundary.
///
/// A trivial value, 24 bytes, so that keeping it task-local costs no reference counting.
public struct SpanContext: Hashable, Sendable {
    /// The trace the span belongs to.
    public let traceID: TraceID
    /// The span itself.
    public let spanID: SpanID

    /// The span the current task (or, outside of tasks, the current thread) works in.
    ///
    /// `withSpan` binds it. It does not follow onto threads you start yourself: take it along and give it to
    /// `Span(parent: .span(context))` there.
    @TaskLocal
    public static var current: SpanContext?

    /// A context of known identifiers.
    public init(traceID: TraceID, spanID: SpanID) {
        self.traceID = traceID
        self.spanID = spanID
    }
}
