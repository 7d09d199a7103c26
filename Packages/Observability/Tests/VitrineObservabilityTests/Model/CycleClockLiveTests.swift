// SPDX-License-Identifier: MIT OR Apache-2.0

import CVitrineClock
import Glibc
import Synchronization
import Testing

@testable import VitrineObservability

/// The clock of this process, held to the kernel's. Where the kernel does not keep time by the cycle counter both are one.
@Suite("Cycle clock beside the kernel's")
struct CycleClockLiveTests {
    /// 17 µs where the kernel slews its clock, and as much again as an interrupted look at both may add.
    static let bound: UInt64 = 100_000

    private final class Findings: Sendable {
        let backwardCount = Atomic<Int>(0)
        let farCount = Atomic<Int>(0)
        let readingCount = Atomic<Int>(0)

        /// Reads the clock between two looks at the kernel's, again and again.
        func look(until stop: StopFlag) {
            var last: UInt64 = 0
            while !stop.isSet {
                for _ in 0..<100 {
                    let before = SystemClock.nanoseconds(CLOCK_MONOTONIC)
                    let first = MonotonicInstant.now.nanoseconds
                    let second = MonotonicInstant.now.nanoseconds
                    let after = SystemClock.nanoseconds(CLOCK_MONOTONIC)
                    if first < last || second < first { backwardCount.wrappingAdd(1, ordering: .relaxed) }
                    if first + CycleClockLiveTests.bound < before || second > after + CycleClockLiveTests.bound {
                        farCount.wrappingAdd(1, ordering: .relaxed)
                    }
                    last = second
                }
                readingCount.wrappingAdd(200, ordering: .relaxed)
            }
        }
    }

    @Test("agrees with it on several threads while lines are drawn, and never runs backwards on one")
    func agreement() {
        let findings = Findings()
        let stop = StopFlag()
        let threads = (0..<3).map { _ in TestThread { findings.look(until: stop) } }
        // Through some ten lines at least.
        var origins: Set<UInt64> = []
        while vitrine_cycles_are_steady(), origins.count < 10 {
            if let scale = CycleClock.scale { origins.insert(scale.origin.cycles) }
            usleep(1_000)
        }
        while findings.readingCount.load(ordering: .relaxed) < 100_000 { usleep(1_000) }
        stop.set()
        for thread in threads { thread.join() }
        #expect(findings.backwardCount.load(ordering: .relaxed) == 0)
        #expect(findings.farCount.load(ordering: .relaxed) == 0)
    }

    @Test("goes on in a child, even one made while a line is drawn")
    func child() throws {
        // SAFETY: the symbol is the C library's fork, of this very type; a child that only computes and exits is within what
        // POSIX allows.
        let symbol = try unsafe #require(dlsym(nil, "fork"))
        let fork = unsafe unsafeBitCast(symbol, to: (@convention(c) () -> pid_t).self)
        let findings = Findings()
        let stop = StopFlag()
        let thread = TestThread { findings.look(until: stop) }
        for _ in 0..<50 {
            let before = MonotonicInstant.now.nanoseconds
            let child = fork()
            if child == 0 {
                // Its own lines begin as the parent's is over.
                var isGood = true
                var last = before
                let end = SystemClock.nanoseconds(CLOCK_MONOTONIC) + 20_000_000
                while SystemClock.nanoseconds(CLOCK_MONOTONIC) < end {
                    let now = MonotonicInstant.now.nanoseconds
                    isGood = isGood && now >= last && now < SystemClock.nanoseconds(CLOCK_MONOTONIC) + Self.bound
                    last = now
                }
                _exit(isGood ? 0 : 1)
            }
            try #require(child > 0)
            var status: Int32 = -1
            // SAFETY: waitpid writes one Int32 into a local.
            unsafe waitpid(child, &status, 0)
            #expect(status == 0)
        }
        stop.set()
        thread.join()
    }
}
