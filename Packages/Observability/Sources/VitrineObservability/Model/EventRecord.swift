// SPDX-License-Identifier: MIT OR Apache-2.0

/// A whole event as a value of its own: a log line, an error, a message from a guest.
///
/// Subscribers are lent an `EventView`; making a record of it copies everything.
public struct EventRecord: Sendable, Hashable {
    /// The span it happened in; nil outside of any.
    public let context: SpanContext?
    /// Target, level and place.
    public let metadata: Metadata
    /// Who made it.
    public let origin: SpanOrigin
    /// When it happened.
    public let time: Timestamp
    /// What is said about it.
    public let message: String
    /// Its fields in the order they were given.
    public let fields: [Field]

    /// A record of all its parts.
    public init(
        context: SpanContext?,
        metadata: Metadata,
        origin: SpanOrigin = .host,
        time: Timestamp,
        message: String,
        fields: [Field] = []
    ) {
        self.context = context
        self.metadata = metadata
        self.origin = origin
        self.time = time
        self.message = message
        self.fields = fields
    }
    /// A copy of what a subscriber is lent.
    public init(_ event: borrowing EventView) {
        self.init(
            context: event.context, metadata: event.metadata, origin: event.origin, time: event.time,
            message: event.message, fields: [Field](copying: event.fields))
    }
}
