// SPDX-License-Identifier: MIT OR Apache-2.0

/// Something that happened at one moment: a log line, an error, a message from a guest.
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
}
