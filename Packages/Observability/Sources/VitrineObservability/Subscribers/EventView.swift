// SPDX-License-Identifier: MIT OR Apache-2.0

/// An event as it is lent to a subscriber: nothing in it was copied or allocated, and it is gone when the call returns.
///
/// What is asked for costs when it is asked for: `metadata` counts references of its texts, `context` reads the
/// task-local span (10 ns), `time` is the clock now if the subscriber did not say that it needs timestamps.
@safe
public struct EventView: ~Copyable, ~Escapable {
    /// Its fields in the order they were given.
    public let fields: Swift.Span<Field>
    /// Who made it.
    public let origin: SpanOrigin
    @usableFromInline
    let text: UnsafePointer<String>
    @usableFromInline
    let site: SiteReference
    private let place: Place
    private let givenTime: Timestamp?

    /// Where an event stands.
    enum Place {
        /// In the current span.
        case current
        /// In this span, or in none.
        case given(SpanContext?)
    }

    /// A view of its parts. The caller keeps the message where it is for the life of the view.
    @_lifetime(copy fields)
    @inline(__always)
    init(
        message: UnsafePointer<String>, fields: Swift.Span<Field>, origin: SpanOrigin, site: SiteReference,
        place: Place, time: Timestamp?
    ) {
        // SAFETY: what the caller promises.
        unsafe text = unsafe message
        self.fields = fields
        self.origin = origin
        self.site = site
        self.place = place
        givenTime = time
    }

    /// What is said.
    @inlinable
    public var message: String {
        // SAFETY: the message outlives the view, which cannot escape.
        unsafe text.pointee
    }

    /// What the event was made with.
    public var callSite: CallSite { site.callSite }
    /// Target, level and place in the code.
    public var metadata: Metadata { site.metadata }
    /// How much it matters.
    public var level: Level { site.level }

    /// The span it happened in; nil outside of any.
    public var context: SpanContext? {
        switch place {
        case .current: CurrentSpanSource.current
        case .given(let context): context
        }
    }

    /// When it happened.
    public var time: Timestamp { givenTime ?? .now }
}
