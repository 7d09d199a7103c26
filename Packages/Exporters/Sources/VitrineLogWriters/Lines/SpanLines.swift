// SPDX-License-Identifier: MIT OR Apache-2.0

/// Which lines a span has in a log; its events have theirs anyhow.
public enum SpanLines: Sendable, Hashable {
    /// None.
    case none
    /// One at its end, with its duration, its status and all of its fields.
    case ends
    /// One at its start, with the fields it began with, and one at its end.
    case startsAndEnds
}
