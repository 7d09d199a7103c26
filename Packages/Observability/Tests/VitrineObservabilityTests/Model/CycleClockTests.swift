// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Testing

@testable import VitrineObservability

@Suite("Cycle clock")
struct CycleClockTests {
    /// 0.4 ns per cycle, 2.5 GHz.
    static let rate: UInt64 = (4 << 32) / 10

    /// A clock of that pace, which is off by a part of it.
    static func reading(_ cycles: UInt64, ppm: Double = 0) -> CycleReading {
        CycleReading(cycles: 1_000 + cycles, nanoseconds: 50_000 + UInt64(Double(cycles) * 0.4 * (1 + ppm / 1e6)))
    }

    @Test("a line gives the kernel's time between two looks at it")
    func line() {
        let scale = CycleScale(origin: Self.reading(0), rate: Self.rate)
        #expect(scale.nanoseconds(at: 1_000) == 50_000)
        #expect(scale.nanoseconds(at: 1_000 + 2_500_000) == 50_000 + 1_000_000 - 1)
        #expect(scale.isGood(at: 1_000 + CycleScale.span / 2))
        #expect(!scale.isGood(at: 1_000 + CycleScale.span))
        // Of a processor that is behind.
        #expect(scale.isGood(at: 900))
        #expect(scale.given(by: 900) == 50_000)
    }

    @Test(
        "what is read goes on without a step back, and finds back to the kernel's clock within a span",
        arguments: [-500.0, -1, 0, 1, 500])
    func following(ppm: Double) {
        var scale = CycleScale(origin: Self.reading(0), rate: Self.rate)
        var last: UInt64 = 0
        for step in 1...50 {
            let cycles = UInt64(step) * CycleScale.span
            last = max(last, scale.given(by: 1_000 + cycles))
            // The rate is of a clock that runs at another pace by now.
            let reading = Self.reading(cycles, ppm: ppm)
            scale = scale.next(at: reading, measured: UInt64(Double(Self.rate) * (1 + (step > 10 ? ppm / 1e6 : 0))))
            let first = scale.nanoseconds(at: reading.cycles)
            #expect(first >= last)
            // 500 ppm of 13.4 ms while the rate is the old one, nothing later.
            #expect(first - reading.nanoseconds <= (step > 12 ? 2 : 6_800))
        }
    }

    @Test("after a long time nobody has read what a line would have given")
    func idle() {
        let scale = CycleScale(origin: Self.reading(0), rate: Self.rate * 2)
        // Twice as fast as the kernel's, an hour long.
        let reading = Self.reading(9_000_000_000_000)
        let next = scale.next(at: reading, measured: Self.rate)
        #expect(next.origin == reading)
        #expect(next.rate == Self.rate)
    }

    @Test("a clock far ahead slows down to half its pace and does not stop")
    func farAhead() {
        let scale = CycleScale(origin: Self.reading(0), rate: Self.rate * 2)
        let reading = Self.reading(CycleScale.span * 4)
        let next = scale.next(at: reading, measured: Self.rate)
        #expect(next.origin.nanoseconds == scale.nanoseconds(at: reading.cycles))
        #expect(next.rate == Self.rate - Self.rate / 2)
    }

    @Test("a counter that was set begins anew, not before what was read")
    func counterSet() {
        let scale = CycleScale(origin: CycleReading(cycles: 1 << 40, nanoseconds: 70_000), rate: Self.rate)
        #expect(!scale.isGood(at: 5))
        let next = scale.next(at: CycleReading(cycles: 5, nanoseconds: 60_000), measured: Self.rate)
        #expect(next.origin == CycleReading(cycles: 5, nanoseconds: 70_000))
        #expect(next.rate < Self.rate)
    }

    @Test("the largest product fits")
    func extremes() {
        let scale = CycleScale(origin: CycleReading(cycles: .max - 5, nanoseconds: 7), rate: (1 << 33) - 1)
        #expect(scale.nanoseconds(at: CycleScale.longestSpan &- 7) == 7 + (CycleScale.longestSpan - 1) * 2 - 1)
        let next = scale.next(at: CycleReading(cycles: 3, nanoseconds: .max), measured: .max)
        #expect(next.origin.nanoseconds == .max)
    }
}

@Suite("Cycle rate")
struct CycleRateTests {
    @Test("is known after some milliseconds, and follows the kernel's pace")
    func following() throws {
        var rate = CycleRate(from: CycleClockTests.reading(0))
        rate.add(CycleClockTests.reading(CycleRate.shortest - 1))
        #expect(rate.value == nil)
        rate.add(CycleClockTests.reading(CycleRate.shortest))
        #expect(Int64(try #require(rate.value)) - Int64(CycleClockTests.rate) <= 200)
        // From here on the kernel's clock is 400 ppm faster.
        let turn = 8 * CycleRate.shortest
        for step in 2...30 {
            let cycles = UInt64(step) * CycleRate.shortest
            let slewed = cycles > turn ? Double(cycles - turn) * 0.4 * 400 / 1e6 : 0
            var reading = CycleClockTests.reading(cycles)
            reading.nanoseconds += UInt64(slewed)
            rate.add(reading)
        }
        let pace = Double(try #require(rate.value)) / Double(CycleClockTests.rate)
        #expect(abs(pace - 1.0004) < 0.000_002)
        #expect(!rate.isHopeless)
    }

    @Test("what stood still is not believed, and the rate before stays")
    func suspension() throws {
        var rate = CycleRate(from: CycleClockTests.reading(0))
        rate.add(CycleClockTests.reading(CycleRate.shortest))
        let known = try #require(rate.value)
        // The kernel's clock stood for 1 ms.
        var reading = CycleClockTests.reading(2 * CycleRate.shortest)
        reading.nanoseconds -= 1_000_000
        rate.add(reading)
        #expect(rate.value == known)
        for step in 3...20 {
            var reading = CycleClockTests.reading(UInt64(step) * CycleRate.shortest)
            reading.nanoseconds -= 1_000_000
            rate.add(reading)
        }
        #expect(!rate.isHopeless)
        #expect(abs(Int64(try #require(rate.value)) - Int64(known)) < 200)
    }

    @Test("another pace is believed when it was measured twice", arguments: [1.0834, 0.9166])
    func anotherPace(factor: Double) throws {
        var rate = CycleRate(from: CycleClockTests.reading(0))
        let turn = CycleClockTests.reading(CycleRate.shortest)
        rate.add(turn)
        let known = try #require(rate.value)
        for step in 1...3 {
            let cycles = UInt64(step) * CycleRate.shortest
            rate.add(
                CycleReading(
                    cycles: turn.cycles + cycles, nanoseconds: turn.nanoseconds + UInt64(Double(cycles) * 0.4 * factor))
            )
            if step == 1 { #expect(rate.value == known) }
        }
        #expect(abs(Double(try #require(rate.value)) / Double(known) - factor) < 0.000_01)
        #expect(!rate.isHopeless)
    }

    @Test("an unsteady counter is given up")
    func unsteady() {
        var rate = CycleRate(from: CycleClockTests.reading(0))
        var nanoseconds: UInt64 = 0
        for step in 1...40 where !rate.isHopeless {
            nanoseconds += step % 2 == 0 ? 10_000_000 : 17_000_000
            rate.add(CycleReading(cycles: UInt64(step) * CycleRate.shortest, nanoseconds: nanoseconds))
        }
        #expect(rate.isHopeless)
    }

    @Test("what no processor does is no rate", arguments: [0, 1_000, 1 << 29])
    func impossible(nanoseconds: UInt64) {
        var rate = CycleRate(from: CycleReading(cycles: 0, nanoseconds: 0))
        rate.add(CycleReading(cycles: CycleRate.shortest, nanoseconds: nanoseconds))
        #expect(rate.value == nil)
    }
}
