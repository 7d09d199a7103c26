// SPDX-License-Identifier: MIT OR Apache-2.0

/// A span as it is lent to a subscriber, at its start and complete at its end: gone when the call returns.
///
/// Nothing in it was copied for the subscriber; what is asked for is read where the span keeps it.
@safe
public struct SpanView: ~Copyable, ~Escapable {
    @usableFromInline
    let state: UnsafePointer<SpanState>
    /// When it ended; nil at its start, `.unrecorded` for a subscriber that needs no timestamps.
    public let end: Timestamp?

    /// Looks at a span's state, which the caller keeps where it is, unchanged, for the life of the view.
    @_lifetime(immortal)
    @inline(__always)
    init(of state: UnsafePointer<SpanState>, end: Timestamp?) {
        // SAFETY: what the caller promises.
        unsafe self.state = unsafe state
        self.end = end
    }

    // SAFETY, of all below: the state outlives the view, which cannot escape, and nobody writes it meanwhile.

    /// Its identity.
    @inlinable
    public var context: SpanContext { unsafe state.pointee.context }
    /// The span it is a child of, of the same trace; nil for a root.
    @inlinable
    public var parent: SpanID? { unsafe state.pointee.parent }
    /// Who made it.
    @inlinable
    public var origin: SpanOrigin { unsafe state.pointee.origin }
    /// Its role between processes.
    @inlinable
    public var kind: SpanKind { unsafe state.pointee.kind }
    /// When it started; `.unrecorded` for a subscriber that needs no timestamps.
    @inlinable
    public var start: Timestamp { unsafe state.pointee.start }
    /// How it ended.
    @inlinable
    public var status: SpanStatus { unsafe state.pointee.status }
    /// The spans it is tied to without being their child.
    @inlinable
    public var links: [SpanLink] { unsafe state.pointee.links }
    /// Its fields in the order they were added.
    public var fields: Swift.Span<Field> {
        @_lifetime(borrow self)
        borrowing get { unsafe _overrideLifetime(state.pointee.fields.span, borrowing: self) }
    }
    @inlinable
    var site: SiteReference { unsafe state.pointee.site }
    /// What the span was made with.
    public var callSite: CallSite { unsafe state.pointee.site.callSite }
    /// Name, target, level and place in the code. Counts references of its texts.
    public var metadata: Metadata { unsafe state.pointee.site.metadata }
    /// How much it matters.
    public var level: Level { unsafe state.pointee.site.level }
    /// Nanoseconds from start to end; nil while it runs.
    public var durationNanoseconds: UInt64? { end?.nanoseconds(since: start) }
}
