// SPDX-License-Identifier: MIT OR Apache-2.0

/// Where something is drawn: in a process of the trace, on one of its lanes.
struct LanePlace: Hashable, Sendable {
    let process: Int
    /// Counted from 0; -1 is the lane of what happens outside of spans.
    let lane: Int

    static let eventsLane = -1
}

/// What is shown as a process: the host, or the guest of a sandbox.
enum LaneProcess: Hashable, Sendable {
    case host
    /// The guest of the sandbox of this number.
    case guest(UInt64)
    /// Guests of which the sandbox is not known, or of which there are too many.
    case guests
}

/// A lane: slices that are inside or outside of each other and never overlap otherwise.
struct Lane: Sendable {
    /// The open ones, the innermost last, by their places in the table.
    var open: [Int] = []
    /// Until when closed ones take it that no open one is around.
    var busyUntil: UInt64 = 0

    /// Whether a span of that start may be the outermost.
    func isFree(from start: UInt64) -> Bool { open.isEmpty && busyUntil <= start }
}
