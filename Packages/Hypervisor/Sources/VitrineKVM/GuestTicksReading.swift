// SPDX-License-Identifier: MIT OR Apache-2.0

/// A guest's time stamp counter, read between two readings of the host's.
struct GuestTicksReading {
    let before: UInt64
    let guest: UInt64
    let after: UInt64

    /// How far the guest's counter is ahead. Zero when that is possible, else right to half the time of the reading.
    var guestMinusHostTicks: UInt64 {
        guest >= before && guest <= after ? 0 : guest &- (before &+ width / 2)
    }

    private var width: UInt64 { after &- before }

    /// The one that took less time: a reading that was interrupted may be off by as long as it was.
    static func tighter(_ first: Self, _ second: Self) -> Self { first.width <= second.width ? first : second }
}
