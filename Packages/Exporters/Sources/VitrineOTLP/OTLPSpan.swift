// SPDX-License-Identifier: MIT OR Apache-2.0

public import VitrineObservability

/// A span that ended, with the events that happened in it.
public struct OTLPSpan: Sendable, Hashable {
    /// The span.
    public var record: SpanRecord
    /// Its events in the order of their times.
    public var events: [EventRecord]
    /// How many of its fields were dropped before, to be told to the receiver. So with the others.
    public var droppedFieldCount: Int
    /// How many of its events were dropped before.
    public var droppedEventCount: Int
    /// How many of its links were dropped before.
    public var droppedLinkCount: Int

    /// A span of all its parts.
    public init(
        _ record: SpanRecord,
        events: [EventRecord] = [],
        droppedFieldCount: Int = 0,
        droppedEventCount: Int = 0,
        droppedLinkCount: Int = 0
    ) {
        self.record = record
        self.events = events
        self.droppedFieldCount = droppedFieldCount
        self.droppedEventCount = droppedEventCount
        self.droppedLinkCount = droppedLinkCount
    }
}
