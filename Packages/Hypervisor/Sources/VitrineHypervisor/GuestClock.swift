// SPDX-License-Identifier: MIT OR Apache-2.0

/// Turns a guest's `rdtsc` ticks into nanoseconds of the host's CLOCK_MONOTONIC.
///
/// Error bound: 0.2 µs for the anchor, plus the distance to the anchor times the rate's error: 500 ppm (the most the
/// kernel slews its clock) in the first second of a process, 1 ppm later. A clock taken at an exit thus places
/// everything in the last millisecond within 0.7 µs. The offset between guest and host counter, when it is not
/// exactly zero, adds half the time of the call that reads it: 2 µs at most.
public struct GuestClock: Hashable, Sendable {
    /// A guest tick count, and what the host's clock said then.
    private let anchorTicks: UInt64
    private let anchorNanoseconds: UInt64
    /// 32.32 fixed point.
    private let nanosecondsPerTick: UInt64

    /// Makes a clock from an anchor and a rate.
    /// - Parameter ticksPerSecond: the counter's frequency; 0 counts as 1.
    public init(anchorTicks: UInt64, anchorNanoseconds: UInt64, ticksPerSecond: UInt64) {
        self.anchorTicks = anchorTicks
        self.anchorNanoseconds = anchorNanoseconds
        let divisor = max(ticksPerSecond, 1)
        // 10^9 << 32 is below 2^62, so the high word is 0 and the quotient fits.
        nanosecondsPerTick = (1_000_000_000 << 32) / divisor
    }

    /// Makes a clock anchored now, for a guest whose counter is the host's plus an offset.
    @_spi(Backend) public init(guestMinusHostTicks offset: UInt64, statedTicksPerSecond: UInt64?) {
        let now = HostTicks.now
        anchorTicks = now.ticks &+ offset
        anchorNanoseconds = now.nanoseconds
        nanosecondsPerTick = HostTicks.nanosecondsPerTick(at: now, statedTicksPerSecond: statedTicksPerSecond)
    }

    /// The host's clock at a guest tick count, before or after the anchor. Any value is answered, held in the range of
    /// the clock: the ticks are the guest's word.
    public func nanoseconds(ofTicks ticks: UInt64) -> UInt64 {
        let distance = Int64(bitPattern: ticks &- anchorTicks)
        let product = distance.magnitude.multipliedFullWidth(by: nanosecondsPerTick)
        guard product.high >> 32 == 0 else { return distance < 0 ? 0 : .max }
        let span = product.high << 32 | product.low >> 32
        if distance < 0 { return span > anchorNanoseconds ? 0 : anchorNanoseconds - span }
        let (sum, overflow) = anchorNanoseconds.addingReportingOverflow(span)
        return overflow ? .max : sum
    }
}
