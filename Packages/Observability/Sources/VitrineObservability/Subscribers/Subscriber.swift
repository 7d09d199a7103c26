// SPDX-License-Identifier: MIT OR Apache-2.0

/// The one door out of the core: tree writer, log, exporter and test double all stand behind it.
///
/// Calls come on the thread that made the record, several at once from several threads, and the emitting code waits
/// for them: return quickly, never block on the network. What a subscriber emits itself while it is called is
/// dropped, so it cannot call itself. A span's end may arrive without its start, if the subscriber was installed or
/// let it through only in between; the record of the end is complete.
///
/// There are no default implementations: what you ignore, you ignore in writing.
public protocol Subscriber: Sendable {
    /// The most verbose level wanted. Asked for when the subscriber is installed, and on `Telemetry.reconsider()`.
    var maximumLevel: Level { get }

    /// What it has to be told beyond names, identities and fields. Asked for at the same times.
    var needs: SubscriberNeeds { get }

    /// A span began; `end` is nil, more fields may come.
    func spanDidStart(_ span: borrowing SpanView)

    /// A span ended; the view is complete.
    func spanDidEnd(_ span: borrowing SpanView)

    /// An event occurred.
    func eventDidOccur(_ event: borrowing EventView)

    /// Hands on what it holds back, and returns when that is done or has failed. Called by `Telemetry.flush()`.
    func flush()
}

/// What a subscriber needs that costs to make.
@frozen
public struct SubscriberNeeds: OptionSet, Sendable, Hashable {
    /// The needs as bits.
    public let rawValue: UInt8

    /// Needs of bits.
    @inlinable
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// The times of spans and events: a reading of the clock each, 10 ns or 25 (`MonotonicInstant.now`).
    public static let timestamps = SubscriberNeeds(rawValue: 1)
    /// `spanDidStart`, for those who show what runs now.
    public static let spanStarts = SubscriberNeeds(rawValue: 2)
}

/// A subscriber that does not want everything up to its level.
///
/// Its answers are kept at each call site: one that never interests costs a look-up, its fields are not evaluated.
public protocol SelectiveSubscriber: Subscriber {
    /// Whether it wants what a call site makes: always, never, or as `isEnabled` says each time. Must not emit.
    func interest(in metadata: Metadata) -> Interest

    /// Whether it wants this one, now, inside the given span; for a span that is the one above it. Must not emit.
    func isEnabled(_ metadata: Metadata, in context: SpanContext?) -> Bool
}

/// What a subscriber thinks of a call site.
@frozen
public enum Interest: UInt8, Sendable, Hashable, Comparable {
    /// Nothing of it.
    case never = 1
    /// It depends: ask each time.
    case sometimes
    /// All of it.
    case always

    /// Order by how much is wanted.
    @inlinable
    public static func < (lhs: Interest, rhs: Interest) -> Bool { lhs.rawValue < rhs.rawValue }
}
