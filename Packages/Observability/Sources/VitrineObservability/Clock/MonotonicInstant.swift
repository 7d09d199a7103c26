// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc

/// A reading of `CLOCK_MONOTONIC`: never runs backwards, means nothing outside this machine's uptime.
public struct MonotonicInstant: Hashable, Sendable {
    /// Nanoseconds since an unnamed moment, usually the boot.
    public let nanoseconds: UInt64

    /// An instant from a reading made elsewhere, for example by the guest clock.
    @inlinable
    public init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    /// The clock now. Costs one vDSO call, about 30 ns.
    public static var now: MonotonicInstant {
        MonotonicInstant(nanoseconds: SystemClock.nanoseconds(CLOCK_MONOTONIC))
    }
}

extension MonotonicInstant: Comparable {
    /// Whether `lhs` is earlier.
    @inlinable
    public static func < (lhs: MonotonicInstant, rhs: MonotonicInstant) -> Bool {
        lhs.nanoseconds < rhs.nanoseconds
    }
}
