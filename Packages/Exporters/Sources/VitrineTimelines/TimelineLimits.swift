// SPDX-License-Identifier: MIT OR Apache-2.0

/// How much a writer of timelines writes and keeps. What goes beyond is counted in its losses.
public struct TimelineLimits: Sendable, Hashable {
    /// Bytes of the file. What finds no room is dropped, and what is small may still find some.
    public var fileByteCount: UInt64
    /// Spans whose start is remembered until they end, at most 1,048,576. One that is not is drawn all the same, where there is
    /// room.
    public var openSpanCount: Int
    /// Tracks of one process, at most 4,000: as many spans of it can run at once without being each other's children.
    public var laneCount: Int
    /// Sandboxes whose guests have a process of their own, at most 9,999; those of all others share one.
    public var guestCount: Int
    /// Counter tracks, one or two for each series of a metric, at most 65,535.
    public var counterCount: Int
    /// Bytes of one span or event, from 4 KiB to 1 MiB.
    public var recordByteCount: Int
    /// Bytes of UTF-8, as written, of a name, a target or a key.
    public var nameByteCount: Int
    /// Bytes of UTF-8, as written, of a message or a value; of an array about as many in all.
    public var valueByteCount: Int
    /// Fields of one span or event, or of one link.
    public var fieldCount: Int
    /// Links of one span.
    public var linkCount: Int

    /// Limits; all have a default.
    public init(
        fileByteCount: UInt64 = 256 << 20,
        openSpanCount: Int = 65_536,
        laneCount: Int = 256,
        guestCount: Int = 64,
        counterCount: Int = 4_096,
        recordByteCount: Int = 32_768,
        nameByteCount: Int = 256,
        valueByteCount: Int = 4_096,
        fieldCount: Int = 64,
        linkCount: Int = 16
    ) {
        self.fileByteCount = fileByteCount
        self.openSpanCount = openSpanCount
        self.laneCount = laneCount
        self.guestCount = guestCount
        self.counterCount = counterCount
        self.recordByteCount = recordByteCount
        self.nameByteCount = nameByteCount
        self.valueByteCount = valueByteCount
        self.fieldCount = fieldCount
        self.linkCount = linkCount
    }

    /// The same within what is possible.
    var checked: TimelineLimits {
        TimelineLimits(
            fileByteCount: fileByteCount,
            openSpanCount: min(max(openSpanCount, 0), 1_048_576),
            laneCount: min(max(laneCount, 1), 4_000),
            guestCount: min(max(guestCount, 0), 9_999),
            counterCount: min(max(counterCount, 0), 65_535),
            recordByteCount: min(max(recordByteCount, 4_096), 1 << 20),
            nameByteCount: min(max(nameByteCount, 16), 1_024),
            valueByteCount: min(max(valueByteCount, 16), 1 << 20),
            fieldCount: min(max(fieldCount, 0), 1_024),
            linkCount: min(max(linkCount, 0), 1_024))
    }
}
