// SPDX-License-Identifier: MIT OR Apache-2.0

internal import CVitrineKick

/// The CPU's time stamp counter beside CLOCK_MONOTONIC.
@_spi(Backend) public struct HostTicks: Hashable, Sendable {
    /// The time stamp counter.
    public let ticks: UInt64
    /// The clock at that moment, in nanoseconds.
    public let nanoseconds: UInt64

    /// Makes a pair.
    public init(ticks: UInt64, nanoseconds: UInt64) {
        self.ticks = ticks
        self.nanoseconds = nanoseconds
    }

    /// Reads both, the tighter of two attempts: the pair is off by less than 0.1 µs unless interrupted twice.
    public static var now: HostTicks {
        let first = bracketed()
        let second = bracketed()
        return first.width <= second.width ? first.pair : second.pair
    }

    /// The counter alone.
    public static var ticks: UInt64 { vitrine_host_ticks() }

    private static func bracketed() -> (pair: HostTicks, width: UInt64) {
        let before = vitrine_host_ticks()
        let nanoseconds = vitrine_monotonic_nanoseconds()
        let width = vitrine_host_ticks() &- before
        return (HostTicks(ticks: before &+ width / 2, nanoseconds: nanoseconds), width)
    }

    /// The first pair of the process: the far end of the window that calibrates the rate.
    private static let origin = now

    /// Remembers the first pair, early: backends call it when they are first used.
    public static func begin() { _ = origin }

    /// Nanoseconds per tick as a 32.32 fixed-point number.
    ///
    /// Measured over the time since `begin`, without waiting for it; in the first second a rate that the kernel states is
    /// preferred. Both ends of the window are read within 0.1 µs, so after 1 s the error is below 0.2 ppm.
    /// - Parameter statedTicksPerSecond: what the kernel says, when it says it.
    public static func nanosecondsPerTick(at end: HostTicks, statedTicksPerSecond: UInt64?) -> UInt64 {
        let ticks = end.ticks &- origin.ticks
        let nanoseconds = end.nanoseconds &- origin.nanoseconds
        if let stated = statedTicksPerSecond, stated > 0, nanoseconds < 1_000_000_000 {
            return stated.dividingFullWidth(shifted(1_000_000_000, below: stated)).quotient
        }
        guard ticks > 0 else { return 1 << 32 }
        return ticks.dividingFullWidth(shifted(nanoseconds, below: ticks)).quotient
    }

    /// The dividend `value << 32`, held below `divisor << 64` so that the quotient fits.
    private static func shifted(_ value: UInt64, below divisor: UInt64) -> (high: UInt64, low: UInt64) {
        let high = value >> 32
        return high < divisor ? (high, value << 32) : (divisor - 1, .max)
    }
}
