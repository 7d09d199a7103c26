// SPDX-License-Identifier: MIT OR Apache-2.0

import BenchmarkHarness
import Testing

@Suite struct StatisticsTests {
    @Test func medianAndNinetyNinthPercentileAreOfTheSortedSamples() {
        let hundred = Statistics((1...100).map { UInt64($0) }.reversed())
        #expect(hundred?.median == 50.5)
        #expect(hundred?.p99 == 99)
        let thousand = Statistics((1...1001).map { UInt64($0) }.shuffled())
        #expect(thousand?.median == 501)
        #expect(thousand?.p99 == 991)
        #expect(Statistics([7])?.median == 7)
        #expect(Statistics([7])?.p99 == 7)
        #expect(Statistics([]) == nil)
    }

    @Test func samplesOfManyOperationsAreDividedAndTheLoopIsTakenOff() throws {
        let statistics = try #require(Statistics([1_000, 2_000, 3_000]))
        let each = statistics.divided(by: 1_000)
        #expect(each.median == 2)
        #expect(each.p99 == 3)
        #expect(each.count == 3)
        #expect(each.less(0.5).median == 1.5)
        #expect(each.less(0.5).p99 == 2.5)
        #expect(each.less(2.5).median == 0)
        #expect(each.less(2.5).p99 == 0.5)
        #expect(statistics.divided(by: 0).median == 2_000)
    }

    @Test func samplesBeyondTheBoundAreIgnored() {
        var samples = Samples(capacity: 2)
        for sample in [1, 2, 1000] as [UInt64] { samples.add(sample) }
        #expect(samples.count == 2)
        #expect(samples.statistics?.median == 1.5)
    }
}

@Suite struct PairedRoundsTests {
    @Test func batchesAlternateAndSwapOrderEachRound() throws {
        var order = ""
        let rounds = try PairedRounds(RoundPlan(rounds: 4, batch: 2, warmUpRounds: 2)) {
            order += "r"
            $0.add(10)
        } subject: {
            order += "s"
            $0.add(20)
        }
        #expect(order == "rrssssrr" + "rrssssrr" + "rrssssrr")
        #expect(rounds.reference.count == 8)
        #expect(rounds.subject.count == 8)
    }

    @Test func withoutAReferenceOnlyTheSubjectIsMeasured() throws {
        let rounds = try PairedRounds(RoundPlan(rounds: 3, batch: 1, warmUpRounds: 0), reference: nil) { $0.add(5) }
        #expect(rounds.reference.statistics == nil)
        #expect(rounds.subject.statistics?.median == 5)
    }

    @Test func operationsMayDropASample() throws {
        var count: UInt64 = 0
        let rounds = try PairedRounds(RoundPlan(rounds: 10, batch: 1, warmUpRounds: 0), reference: nil) {
            count += 1
            if count % 2 == 0 { $0.add(count) }
        }
        #expect(rounds.subject.count == 5)
    }

    @Test func aFailureEndsTheMeasurement() {
        struct Failure: Error {}
        #expect(throws: Failure.self) {
            _ = try PairedRounds(RoundPlan(rounds: 3, batch: 1), reference: nil) { _ in throw Failure() }
        }
    }
}
