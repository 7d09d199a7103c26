// SPDX-License-Identifier: MIT OR Apache-2.0

/// A whole span as a value of its own, for whoever keeps it or makes it elsewhere: a test, a tree, the spans of a guest.
///
/// Subscribers are lent a `SpanView`; making a record of it copies everything.
public struct SpanRecord: Sendable, Hashable {
    /// Its identity.
    public let context: SpanContext
    /// The span it is a child of, of the same trace; nil for a root.
    public let parent: SpanID?
    /// Name, target, level and place.
    public let metadata: Metadata
    /// Who made it.
    public let origin: SpanOrigin
    /// Its role between processes.
    public let kind: SpanKind
    /// When it started.
    public let start: Timestamp
    /// When it ended; nil in `spanDidStart`.
    public var end: Timestamp?
    /// Its fields in the order they were added.
    public var fields: [Field]
    /// The spans it is tied to without being their child.
    public var links: [SpanLink]
    /// How it ended.
    public var status: SpanStatus

    /// A record of all its parts.
    public init(
        context: SpanContext,
        parent: SpanID?,
        metadata: Metadata,
        origin: SpanOrigin = .host,
        kind: SpanKind = .internal,
        start: Timestamp,
        end: Timestamp? = nil,
        fields: [Field] = [],
        links: [SpanLink] = [],
        status: SpanStatus = .unset
    ) {
        self.context = context
        self.parent = parent
        self.metadata = metadata
        self.origin = origin
        self.kind = kind
        self.start = start
        self.end = end
        self.fields = fields
        self.links = links
        self.status = status
    }

    /// A copy of what a subscriber is lent.
    public init(_ span: borrowing SpanView) {
        self.init(
            context: span.context, parent: span.parent, metadata: span.metadata, origin: span.origin, kind: span.kind,
            start: span.start, end: span.end, fields: [Field](copying: span.fields), links: span.links,
            status: span.status)
    }

    /// Nanoseconds from start to end; nil while it runs.
    public var durationNanoseconds: UInt64? { end?.nanoseconds(since: start) }
}

extension [Field] {
    /// The fields of a view as an array.
    public init(copying fields: Swift.Span<Field>) {
        self.init()
        reserveCapacity(fields.count)
        for index in fields.indices { append(fields[index]) }
    }
}
