// SPDX-License-Identifier: MIT OR Apache-2.0

/// How much a tree writer keeps while it waits for roots to end.
public struct TreeWriterLimits: Sendable, Hashable {
    /// Trees whose root is still open. For one more the oldest is printed as far as it has come.
    public var openTreeCount: Int
    /// Spans and events in one tree.
    public var recordsPerTree: Int
    /// Spans and events in all open trees. For one more the oldest tree that it is not of is printed as far as it has come.
    public var recordCount: Int
    /// UTF-8 bytes kept of one name, message or value of a field. Of an array: bytes of its elements, 16 for a text and those
    /// of the text; one that has more is shown as texts, the last of which says how many elements are missing.
    public var textByteCount: Int
    /// Fields kept of one span or event.
    public var fieldsPerRecord: Int

    /// Limits; all have a default.
    public init(
        openTreeCount: Int = 256,
        recordsPerTree: Int = 4_096,
        recordCount: Int = 65_536,
        textByteCount: Int = 4_096,
        fieldsPerRecord: Int = 64
    ) {
        self.openTreeCount = openTreeCount
        self.recordsPerTree = recordsPerTree
        self.recordCount = recordCount
        self.textByteCount = textByteCount
        self.fieldsPerRecord = fieldsPerRecord
    }
}

/// What a tree writer could not show, since it was made.
public struct TreeWriterLosses: Sendable, Hashable {
    /// Spans that ended and were not shown or only as open: beyond a limit, or after their tree was printed.
    public var spanCount = 0
    /// Events beyond a limit, or of a span whose tree was printed.
    public var eventCount = 0
    /// Trees that were printed before their root ended, because they had to make room.
    public var evictedTreeCount = 0
    /// Texts the sink refused.
    public var writeCount = 0
    /// The error number of the last refusal; 0 if there was none.
    public var lastErrno: Int32 = 0

    /// No losses.
    public init() {}
}
