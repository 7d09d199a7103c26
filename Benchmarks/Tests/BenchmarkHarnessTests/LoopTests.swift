// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import Testing

@testable import BenchmarkHarness

/// A meter that goes on by hand: what a loop does is what it measures.
private final class Odometer: Sendable {
    private let distance = Atomic<UInt64>(0)

    var now: UInt64 { distance.load(ordering: .sequentiallyConsistent) }
    func advance(by amount: Int) { distance.wrappingAdd(UInt64(amount), ordering: .sequentiallyConsistent) }
}

@Suite struct LoopTests {
    @Test func aPlainLoopIsMeasuredWithoutItsWarmUp() {
        let odometer = Odometer()
        let loop = Loop.plain { odometer.advance(by: 3 * $0) }
        #expect(loop.measure(10, warmUp: 100) { odometer.now } == [30])
        #expect(odometer.now == 330)
    }

    @Test func aTaskIsMeasuredFromInside() {
        let odometer = Odometer()
        let loop = Loop.asynchronous { count in
            await Task.yield()
            odometer.advance(by: count)
        }
        #expect(loop.measure(7, warmUp: 2) { odometer.now } == [7])
        #expect(odometer.now == 9)
    }

    @Test func twoThreadsDoTheWorkTwice() {
        let odometer = Odometer()
        let loop = Loop.onTwoThreads { odometer.advance(by: $0) }
        let samples = loop.measure(5, warmUp: 1) { odometer.now }
        #expect(samples.count == 2)
        // Each sees its own five, and what the other did meanwhile.
        #expect(samples.allSatisfy { 5...10 ~= $0 })
        #expect(odometer.now == 12)
    }

    @Test func theSampleOfALoopHasAsManyOperationsAsTakeItsTime() {
        let odometer = Odometer()
        let loop = Loop.plain { odometer.advance(by: 10 * $0) }
        #expect(loop.operationCount(for: 1_000) { odometer.now } == 128)
        #expect(loop.operationCount(for: 10) { odometer.now } == 1)
        #expect(Loop.plain { _ in }.operationCount(for: 1) { odometer.now } == 1 << 24)
    }

    @Test func roundsGiveTheTimeOfOneOperationOfEachLoop() {
        let odometer = Odometer()
        let loops = [10, 25, 40].map { step in Loop.plain { odometer.advance(by: step * $0) } }
        let rounds = LoopRounds(LoopPlan(rounds: 6, sampleNanoseconds: 1_000), loops) { odometer.now }
        #expect(rounds.statistics.map { $0?.median } == [10, 25, 40])
        #expect(rounds.statistics.map { $0?.count } == [6, 6, 6])
    }

    @Test func samplesOfTwoThreadsCountOnlyIfTheyRanAtOnce() {
        func areSimultaneous(_ pairs: [(UInt64, UInt64)]) -> Bool {
            Readings.areSimultaneous(pairs.map { Readings(start: $0.0, end: $0.1) })
        }
        #expect(areSimultaneous([(0, 100), (10, 110)]))
        #expect(areSimultaneous([(0, 100), (49, 149)]))
        #expect(!areSimultaneous([(0, 100), (50, 150)]))
        #expect(!areSimultaneous([(0, 100), (100, 200)]))
        #expect(!areSimultaneous([(300, 400), (100, 200)]))
        // One of them was interrupted.
        #expect(!areSimultaneous([(0, 100), (0, 4_000)]))
        #expect(areSimultaneous([(5, 5)]))
        #expect(!areSimultaneous([]))
    }

    @Test func twoThreadsThatNeverRanAtOnceHaveNoStatistics() {
        // A clock that stands still: no reading is before another.
        let rounds = LoopRounds(LoopPlan(rounds: 2, sampleNanoseconds: 1), [.onTwoThreads { _ in }, .plain { _ in }]) {
            7
        }
        #expect(rounds.statistics.map { $0?.median } == [nil, 0])
    }

    @Test func eachLoopIsTheFirstOfARoundInTurn() {
        let odometer = Odometer()
        let order = Mutex("")
        let loops = ["a", "b", "c"].map { name in
            Loop.plain { count in
                odometer.advance(by: 1_000 * count)
                order.withLock { $0 += name }
            }
        }
        _ = LoopRounds(LoopPlan(rounds: 3, sampleNanoseconds: 1_000), loops) { odometer.now }
        // Two runs each: the warm-up and the sample; first to find out how many operations, then in the rounds.
        #expect(order.withLock { $0 } == "aabbcc" + "aabbcc" + "bbccaa" + "ccaabb")
    }
}
