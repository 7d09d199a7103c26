// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Glibc

/// What did not come out of a log, by reason, since its sink was made.
public struct LineLosses: Sendable, Hashable {
    /// Lines for a reader that has gone: a closed pipe or socket, a syslog that is not there.
    public var closedCount = 0
    /// Lines that found the disk full, a quota used up or a file too large.
    public var fullCount = 0
    /// Lines that a reader was too slow for, where the writer does not wait for it.
    public var busyCount = 0
    /// Lines that had no room because a file could not be rotated, or that were longer than a file may be.
    public var rotationCount = 0
    /// Lines lost for another reason; see `lastErrno`.
    public var otherCount = 0
    /// Lines that came out shortened, because of the limits.
    public var cutCount = 0
    /// The kernel's number of the last failure, 0 if there was none.
    public var lastErrno: Int32 = 0

    /// No losses.
    public init() {}

    /// Lines that did not come out, for any reason.
    public var lineCount: Int { closedCount + fullCount + busyCount + rotationCount + otherCount }

    /// Counts lines that the kernel refused.
    mutating func add(_ lineCount: Int, errno number: Int32) {
        lastErrno = number
        switch number {
        case EPIPE, ECONNRESET, ECONNREFUSED, ENOTCONN, ENOENT, EDESTADDRREQ: closedCount += lineCount
        case ENOSPC, EDQUOT, EFBIG: fullCount += lineCount
        case EAGAIN, ENOBUFS, ENOMEM: busyCount += lineCount
        default: otherCount += lineCount
        }
    }
}
