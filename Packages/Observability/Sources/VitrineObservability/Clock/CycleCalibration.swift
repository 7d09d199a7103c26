// SPDX-License-Identifier: MIT OR Apache-2.0

import CVitrineClock
import Glibc
import Synchronization

/// Holds the cycle counter to the kernel's clock, and is the clock where no line is ready.
enum CycleCalibration {
    private enum Trust: UInt8, AtomicRepresentable {
        case unknown, steady, none
    }

    private static let trust = Atomic<Trust>(.unknown)
    /// What the clock has shown when the counter was given up.
    private static let floor = Atomic<UInt64>(0)
    /// Who draws a line: the generation of the process and 1, so that a child made by `fork` does not wait for a thread that it
    /// does not have; 0 for nobody.
    private static let drawer = Atomic<UInt32>(0)
    // SAFETY: only touched by the thread that `takeTurn` said yes to, until `drawer` is 0 again.
    private nonisolated(unsafe) static var rate: CycleRate?

    /// Nanoseconds of the clock now. Costs 25 ns while the counter is not used, and 0.2 µs where a line is drawn.
    @inline(never)
    static func nanoseconds() -> UInt64 {
        if trust.load(ordering: .relaxed) == .unknown { begin() }
        guard trust.load(ordering: .relaxed) == .steady else { return kernelClock }
        // As often as another thread needs to get a line ready, should it be about to.
        for _ in 0..<16 {
            let scale = CycleClock.scale
            let cycles = vitrine_cycle_count()
            if let scale, scale.isGood(at: cycles) { return scale.given(by: cycles) }
            if takeTurn() {
                defer { drawer.store(0, ordering: .releasing) }
                return draw(after: scale)
            }
            if let scale, cycles &- scale.origin.cycles < CycleScale.longestSpan {
                return scale.nanoseconds(at: cycles)
            }
            vitrine_pause()
        }
        return max(kernelClock, CycleClock.scale?.given(by: vitrine_cycle_count()) ?? 0)
    }

    private static var kernelClock: UInt64 {
        max(SystemClock.nanoseconds(CLOCK_MONOTONIC), floor.load(ordering: .relaxed))
    }

    @inline(never)
    private static func begin() {
        ForkGeneration.watch()
        trust.store(vitrine_cycles_are_steady() ? .steady : .none, ordering: .relaxed)
    }

    private static func takeTurn() -> Bool {
        let mine = ForkGeneration.current &+ 1
        let holder = drawer.load(ordering: .relaxed)
        guard holder != mine else { return false }
        guard drawer.compareExchange(expected: holder, desired: mine, ordering: .acquiring).exchanged else {
            return false
        }
        // SAFETY: the turn is ours. What the parent's thread was about to write is not to be relied on.
        if holder != 0 { unsafe rate = nil }
        return true
    }

    /// Looks at the kernel's clock, and has the counter read by a new line if its rate is known.
    private static func draw(after scale: CycleScale?) -> UInt64 {
        let reading = reading()
        // SAFETY: `nanoseconds` has the turn.
        var rate = unsafe rate ?? CycleRate(from: reading)
        rate.add(reading)
        unsafe self.rate = rate
        guard !rate.isHopeless else {
            floor.store(scale?.given(by: reading.cycles) ?? 0, ordering: .relaxed)
            trust.store(.none, ordering: .relaxed)
            CycleClock.use(nil)
            return kernelClock
        }
        guard let measured = rate.value else { return reading.nanoseconds }
        let next = scale?.next(at: reading, measured: measured) ?? CycleScale(origin: reading, rate: measured)
        CycleClock.use(next)
        return next.origin.nanoseconds
    }

    /// The tightest of four looks at both clocks. The counter is read first: a line through this is ahead of the kernel's clock,
    /// by 20 ns or so, and who has just read that one sees no step back.
    private static func reading() -> CycleReading {
        var best = CycleReading(cycles: 0, nanoseconds: 0)
        var bestWidth = UInt64.max
        for _ in 0..<4 {
            let before = vitrine_cycle_count()
            let nanoseconds = SystemClock.nanoseconds(CLOCK_MONOTONIC)
            let width = vitrine_cycle_count() &- before
            if width < bestWidth {
                best = CycleReading(cycles: before, nanoseconds: nanoseconds)
                bestWidth = width
            }
            // Not interrupted.
            if width < 200 { break }
        }
        return best
    }
}
