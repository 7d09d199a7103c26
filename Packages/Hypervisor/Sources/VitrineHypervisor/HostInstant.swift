// SPDX-License-Identifier: MIT OR Apache-2.0

internal import CVitrineKick

/// A moment of the host's CLOCK_MONOTONIC.
public struct HostInstant: InstantProtocol, Hashable, Sendable {
    /// Nanoseconds since the clock's origin, some moment before the process began.
    public let nanoseconds: UInt64

    /// Makes an instant from the clock's value.
    public init(nanoseconds: UInt64) { self.nanoseconds = nanoseconds }

    /// This moment. Costs about 25 ns.
    public static var now: HostInstant { HostInstant(nanoseconds: vitrine_monotonic_nanoseconds()) }

    /// The moment `duration` later, held within the range of the clock.
    public func advanced(by duration: Duration) -> HostInstant {
        let (seconds, attoseconds) = duration.components
        let (fromSeconds, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        guard !overflow else { return HostInstant(nanoseconds: seconds < 0 ? 0 : .max) }
        let (sum, sumOverflow) = fromSeconds.addingReportingOverflow(attoseconds / 1_000_000_000)
        guard !sumOverflow else { return HostInstant(nanoseconds: seconds < 0 ? 0 : .max) }
        if sum >= 0 {
            let (value, late) = nanoseconds.addingReportingOverflow(UInt64(sum))
            return HostInstant(nanoseconds: late ? .max : value)
        }
        return HostInstant(nanoseconds: nanoseconds < sum.magnitude ? 0 : nanoseconds - sum.magnitude)
    }

    /// How much later `other` is.
    public func duration(to other: HostInstant) -> Duration {
        other.nanoseconds >= nanoseconds
            ? .nanoseconds(Int64(clamping: other.nanoseconds - nanoseconds))
            : .zero - .nanoseconds(Int64(clamping: nanoseconds - other.nanoseconds))
    }

    /// Orders by time.
    public static func < (left: Self, right: Self) -> Bool { left.nanoseconds < right.nanoseconds }
}
