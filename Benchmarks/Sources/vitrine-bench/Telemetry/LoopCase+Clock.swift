// SPDX-License-Identifier: MIT OR Apache-2.0

import BenchmarkHarness
import CBenchmarkProbes
import VitrineObservability

// The clock that spans and events are timed by, beside the kernel's call. Where the kernel does not keep time by the cycle
// counter they are one.
extension LoopCase {
    static let clock = [
        reading(
            "clock", "a reading of the clock, as a span has two", .plain(ClockLoops.monotonic),
            .plain(ClockLoops.kernel)),
        reading(
            "clock_2_threads", "the same on each of two threads", .onTwoThreads(ClockLoops.monotonic),
            .onTwoThreads(ClockLoops.kernel)),
    ]

    private static func reading(_ name: String, _ summary: String, _ subject: Loop, _ peer: Loop) -> LoopCase {
        LoopCase(name: name, summary: summary) {
            Sides(subject: subject, peer: Peer(name: "clock_gettime", loop: peer))
        }
    }
}

private enum ClockLoops {
    @inline(never)
    static func monotonic(_ count: Int) {
        for _ in 0..<count { loop_barrier(Int64(bitPattern: Timestamp.now.nanosecondsSinceEpoch)) }
    }

    @inline(never)
    static func kernel(_ count: Int) {
        for _ in 0..<count { loop_barrier(Int64(bitPattern: Stopwatch.now)) }
    }
}
