// SPDX-License-Identifier: MIT OR Apache-2.0

import CVitrineClock
import Glibc
import Synchronization

/// `CLOCK_MONOTONIC`, told by the processor's cycle counter: 10 ns and not 25, where the kernel keeps time by the counter too.
///
/// A line from cycles to nanoseconds (`CycleScale`) holds for 8 to 34 ms; whoever reads the clock first after that looks at the
/// kernel's and draws the next. So the clock is within 0.2 µs of the kernel's as long as that runs at one pace. Where the pace
/// changes it is off by that part of some 50 ms, until it is measured anew: 25 µs for the 500 ppm that `adjtimex` is mostly
/// used for. It never runs backwards. In the first moments, on other processors, and where the counter turns out to be
/// unsteady, it is the kernel's.
enum CycleClock {
    /// Odd while the line is not to be used: at first, and for the moment in which another takes its place.
    private static let version = Atomic<UInt32>(1)
    private static let cycles = Atomic<UInt64>(0)
    private static let start = Atomic<UInt64>(0)
    private static let rate = Atomic<UInt64>(0)

    /// Nanoseconds of the clock now.
    static var nanoseconds: UInt64 {
        @inline(__always) get {
            let seen = version.load(ordering: .acquiring)
            guard seen & 1 == 0 else { return CycleCalibration.nanoseconds() }
            let elapsed = vitrine_cycle_count() &- cycles.load(ordering: .relaxed)
            let value = CycleScale.nanoseconds(
                elapsed: elapsed, from: start.load(ordering: .relaxed), rate.load(ordering: .relaxed))
            atomicMemoryFence(ordering: .acquiring)
            guard elapsed < CycleScale.span, version.load(ordering: .relaxed) == seen else {
                return CycleCalibration.nanoseconds()
            }
            return value
        }
    }

    /// The line, nil if it is not to be used.
    static var scale: CycleScale? {
        let seen = version.load(ordering: .acquiring)
        let scale = CycleScale(
            origin: CycleReading(
                cycles: cycles.load(ordering: .relaxed), nanoseconds: start.load(ordering: .relaxed)),
            rate: rate.load(ordering: .relaxed))
        atomicMemoryFence(ordering: .acquiring)
        return seen & 1 == 0 && version.load(ordering: .relaxed) == seen ? scale : nil
    }

    /// Has another line used, or none. Called by one thread at a time.
    static func use(_ scale: CycleScale?) {
        let odd = version.load(ordering: .relaxed) | 1
        version.store(odd, ordering: .relaxed)
        guard let scale else { return }
        atomicMemoryFence(ordering: .releasing)
        cycles.store(scale.origin.cycles, ordering: .relaxed)
        start.store(scale.origin.nanoseconds, ordering: .relaxed)
        rate.store(scale.rate, ordering: .relaxed)
        version.store(odd &+ 1, ordering: .releasing)
    }
}
