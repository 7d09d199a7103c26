// SPDX-License-Identifier: MIT OR Apache-2.0

/// Which span of which trace: what a child needs to know of its parent, and all that crosses a boundary.
///
/// A trivial value, 25 bytes, so that keeping it task-local costs no reference counting.
@frozen
public struct SpanContext: Hashable, Sendable {
    /// The trace the span belongs to.
    public let traceID: TraceID
    /// The span itself.
    public let spanID: SpanID
    /// What else the trace's parts agree on.
    public let flags: TraceFlags

    /// The span the current task (or, outside of tasks, the current thread) works in.
    ///
    /// `withSpan` binds it. It does not follow onto threads you start yourself: take it along and give it to
    /// `Span(parent: .span(context))` there. Reading it costs about 10 ns.
    @TaskLocal
    public static var current: SpanContext?

    /// A context of known identifiers.
    @inlinable
    public init(traceID: TraceID, spanID: SpanID, flags: TraceFlags = .sampled) {
        self.traceID = traceID
        self.spanID = spanID
        self.flags = flags
    }
}

/// The flags of a W3C trace context.
///
/// https://www.w3.org/TR/trace-context/#trace-flags
@frozen
public struct TraceFlags: OptionSet, Hashable, Sendable {
    /// The byte as it is written.
    public let rawValue: UInt8

    /// Flags of a byte; unknown bits are kept.
    @inlinable
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// Whoever began the trace records it. Set in traces that begin here.
    @inlinable public static var sampled: TraceFlags { TraceFlags(rawValue: 0x01) }
}
