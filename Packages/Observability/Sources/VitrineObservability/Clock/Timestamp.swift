// SPDX-License-Identifier: MIT OR Apache-2.0

/// A moment in nanoseconds since the Unix epoch, as OpenTelemetry writes it.
///
/// Taken from the monotonic clock through one anchor per process, so timestamps of one process do not jump when the wall
/// clock is set. On one thread they never run backwards.
public struct Timestamp: Hashable, Sendable {
    /// Nanoseconds since 1970-01-01T00:00:00Z.
    public let nanosecondsSinceEpoch: UInt64

    /// A timestamp of a known number of nanoseconds.
    @inlinable
    public init(nanosecondsSinceEpoch: UInt64) {
        self.nanosecondsSinceEpoch = nanosecondsSinceEpoch
    }

    /// The timestamp of a monotonic instant; instants before the epoch become the epoch.
    public init(_ instant: MonotonicInstant) {
        let anchor = SystemClock.anchor
        if instant.nanoseconds >= anchor.monotonic {
            nanosecondsSinceEpoch = anchor.sinceEpoch &+ (instant.nanoseconds &- anchor.monotonic)
        } else {
            let earlier = anchor.monotonic &- instant.nanoseconds
            nanosecondsSinceEpoch = earlier > anchor.sinceEpoch ? 0 : anchor.sinceEpoch &- earlier
        }
    }

    /// What stands where nobody needed the time: the epoch itself.
    @inlinable
    public static var unrecorded: Timestamp { Timestamp(nanosecondsSinceEpoch: 0) }

    /// The present moment. Costs what `MonotonicInstant.now` does.
    public static var now: Timestamp {
        Timestamp(nanosecondsSinceEpoch: SystemClock.epochOffset &+ CycleClock.nanoseconds)
    }

    /// Nanoseconds from an earlier timestamp to this one; zero if it is not earlier.
    @inlinable
    public func nanoseconds(since earlier: Timestamp) -> UInt64 {
        nanosecondsSinceEpoch > earlier.nanosecondsSinceEpoch
            ? nanosecondsSinceEpoch &- earlier.nanosecondsSinceEpoch : 0
    }
}

extension Timestamp: Comparable {
    /// Whether `lhs` is earlier.
    @inlinable
    public static func < (lhs: Timestamp, rhs: Timestamp) -> Bool {
        lhs.nanosecondsSinceEpoch < rhs.nanosecondsSinceEpoch
    }
}
