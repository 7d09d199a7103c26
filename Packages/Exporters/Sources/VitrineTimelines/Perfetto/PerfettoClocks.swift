// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Glibc
internal import VitrineObservability

extension PerfettoFormat.Clocks {
    /// The clocks now. The first is that of `Timestamp`, not of the kernel: no step of the wall clock moves it.
    static var now: PerfettoFormat.Clocks {
        let monotonic = MonotonicInstant.now
        var time = timespec()
        // SAFETY: the kernel fills a local of its type; it cannot fail for this clock.
        unsafe clock_gettime(CLOCK_BOOTTIME, &time)
        let boottime = UInt64(clamping: time.tv_sec) &* 1_000_000_000 &+ UInt64(clamping: time.tv_nsec)
        return PerfettoFormat.Clocks(
            realtime: Timestamp(monotonic).nanosecondsSinceEpoch, monotonic: monotonic.nanoseconds, boottime: boottime)
    }
}
