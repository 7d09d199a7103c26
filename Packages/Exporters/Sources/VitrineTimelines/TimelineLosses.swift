// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineLogWriters

/// What is not in the file, or not whole, by reason, since its writer was made.
public struct TimelineLosses: Sendable, Hashable {
    /// Spans, events and values that found the file as large as it may be.
    public var fileFullCount = 0
    /// Spans for which there was no track, because too many run at once.
    public var laneCount = 0
    /// Values of series for which there was no counter track.
    public var counterCount = 0
    /// Spans and events that began in the same nanosecond as the span around them, where too many of these waited for its end.
    public var heldCount = 0
    /// Spans, events and values after `close()`.
    public var closedCount = 0
    /// Spans, events and values of a child made by `fork`, as that child sees it: the file stays its parent's.
    public var forkedCount = 0
    /// Spans and events that are there but shortened: they say `cut`.
    public var cutCount = 0
    /// Writes that the kernel refused: a full disk, a reader that has gone.
    public var failedWriteCount = 0
    /// Bytes of these writes that are not in the file.
    public var failedByteCount: UInt64 = 0
    /// The kernel's number of the last failure, 0 if there was none.
    public var lastErrno: Int32 = 0

    /// No losses.
    public init() {}

    /// Spans, events and values that are not in the file; without those of failed writes, which are counted in bytes.
    public var recordCount: Int {
        fileFullCount + laneCount + counterCount + heldCount + closedCount + forkedCount
    }
}

/// Why a timeline cannot be written.
public struct TimelineError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The kernel's error number, for example `ENOENT` or `ENOSPC`.
    public let errno: Int32

    /// A failure with the kernel's number.
    public init(errno: Int32) {
        self.errno = errno
    }

    /// The system's words and the number, without the path.
    public var description: String { "the timeline cannot be written: \(LogSinkError(errno: errno).reason)" }
}
