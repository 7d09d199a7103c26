// SPDX-License-Identifier: MIT OR Apache-2.0

/// On which side of the boundary a span or an event happened.
public enum SpanOrigin: Sendable, Hashable {
    /// In this process, by trusted code.
    case host
    /// In a sandbox: names, messages and fields are the guest's words, bounded but not trusted.
    case guest
}

/// How a span ended.
public enum SpanStatus: Sendable, Hashable {
    /// Nothing was said, which is what success looks like in OpenTelemetry.
    case unset
    /// It failed, with a description.
    case error(String)
}

/// A span as a subscriber sees it: once when it starts, once complete when it has ended.
public struct SpanRecord: Sendable, Hashable {
    /// Its identity.
    public let context: SpanContext
    /// The span it is a child of, of the same trace; nil for a root.
    public let parent: SpanID?
    /// Name, target, level and place.
    public let metadata: Metadata
    /// Who made it.
    public let origin: SpanOrigin
    /// When it started.
    public let start: Timestamp
    /// When it ended; nil in `spanDidStart`.
    public var end: Timestamp?
    /// Its fields in the order they were added.
    public var fields: [Field]
    /// How it ended.
    public var status: SpanStatus

    /// A record of all its parts.
    public init(
        context: SpanContext,
        parent: SpanID?,
        metadata: Metadata,
        origin: SpanOrigin = .host,
        start: Timestamp,
        end: Timestamp? = nil,
        fields: [Field] = [],
        status: SpanStatus = .unset
    ) {
        self.context = context
        self.parent = parent
        self.metadata = metadata
        self.origin = origin
        self.start = start
        self.end = end
        self.fields = fields
        self.status = status
    }

    /// Nanoseconds from start to end; nil while it runs.
    public var durationNanoseconds: UInt64? { end?.nanoseconds(since: start) }
}
