// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Synchronization

/// The kernel's clocks and the one relation between them that this process uses.
enum SystemClock {
    /// A reading in nanoseconds. `clock_gettime` cannot fail for the clocks that are asked for here.
    static func nanoseconds(_ clock: clockid_t) -> UInt64 {
        var time = timespec()
        // SAFETY: the kernel writes one `timespec` into a local of that type.
        unsafe clock_gettime(clock, &time)
        return UInt64(bitPattern: Int64(time.tv_sec)) &* 1_000_000_000 &+ UInt64(bitPattern: Int64(time.tv_nsec))
    }

    /// The same moment on both clocks, read once per process.
    ///
    /// One anchor for all conversions keeps them ordered: a step of the wall clock moves no span. The wall time is
    /// taken between two monotonic readings, and the tightest of a few tries wins.
    static let anchor: (monotonic: UInt64, sinceEpoch: UInt64) = {
        var best: (monotonic: UInt64, sinceEpoch: UInt64) = (0, 0)
        var bestWidth = UInt64.max
        for _ in 0..<8 {
            let before = nanoseconds(CLOCK_MONOTONIC)
            let wall = nanoseconds(CLOCK_REALTIME)
            let width = nanoseconds(CLOCK_MONOTONIC) &- before
            guard width < bestWidth else { continue }
            best = (before &+ width / 2, wall)
            bestWidth = width
        }
        return best
    }()

    /// What an instant of the monotonic clock lacks to be a time since the epoch, modulo 2⁶⁴.
    static var epochOffset: UInt64 {
        @inline(__always) get {
            let known = knownEpochOffset.load(ordering: .relaxed)
            return known != 0 ? known : findEpochOffset()
        }
    }

    /// The anchor's, which takes a check and a call to get at; 0 until somebody has asked.
    private static let knownEpochOffset = Atomic<UInt64>(0)

    @inline(never)
    private static func findEpochOffset() -> UInt64 {
        let offset = anchor.sinceEpoch &- anchor.monotonic
        knownEpochOffset.store(offset, ordering: .relaxed)
        return offset
    }
}
