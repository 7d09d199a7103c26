// SPDX-License-Identifier: MIT OR Apache-2.0

/// A reading of `CLOCK_MONOTONIC`: never runs backwards, means nothing outside this machine's uptime.
public struct MonotonicInstant: Hashable, Sendable {
    /// Nanoseconds since an unnamed moment, usually the boot.
    public let nanoseconds: UInt64

    /// An instant from a reading made elsewhere, for example by the guest clock.
    @inlinable
    public init(nanoseconds: UInt64) {
        self.nanoseconds = nanoseconds
    }

    /// The clock now.
    ///
    /// Where the kernel keeps time by the processor's cycle counter, the counter is read, in 10 ns; the result is within 0.2 µs
    /// of the kernel's clock, and for some 50 ms after that begins to be slewed by 500 ppm within 25 µs. Elsewhere it is one
    /// vDSO call, about 25 ns.
    public static var now: MonotonicInstant { MonotonicInstant(nanoseconds: CycleClock.nanoseconds) }
}

extension MonotonicInstant: Comparable {
    /// Whether `lhs` is earlier.
    @inlinable
    public static func < (lhs: MonotonicInstant, rhs: MonotonicInstant) -> Bool {
        lhs.nanoseconds < rhs.nanoseconds
    }
}
