// SPDX-License-Identifier: MIT OR Apache-2.0

/// How long loops are measured.
public struct LoopPlan: Hashable, Sendable {
    /// Rounds, with a sample of each loop in each.
    public var rounds: Int
    /// About how long a sample takes, in nanoseconds: short enough that few are interrupted.
    public var sampleNanoseconds: UInt64

    /// A plan from its parts.
    public init(rounds: Int, sampleNanoseconds: UInt64 = 300_000) {
        self.rounds = max(1, rounds)
        self.sampleNanoseconds = max(1, sampleNanoseconds)
    }
}

/// Measures loops in turns, another one first in each round, as `PairedRounds` does with single operations.
public struct LoopRounds: Sendable {
    /// Of each loop, in their order: nanoseconds of one operation. nil for a loop on two threads that never ran at once.
    public let statistics: [Statistics?]

    /// How often a sample is tried in which two threads run at once.
    private static let attempts = 4

    /// Runs the plan, after a first pass that finds out how many operations make a sample.
    ///
    /// - Parameter prepare: called before a loop is measured, with its place in the list; not measured itself.
    public init(_ plan: LoopPlan, _ loops: [Loop], prepare: (Int) -> Void = { _ in }, clock: @escaping Loop.Meter) {
        let counts = loops.indices.map { place in
            prepare(place)
            return loops[place].operationCount(for: plan.sampleNanoseconds, by: clock)
        }
        // A loop on two threads gives two samples.
        var samples = loops.map { _ in Samples(capacity: 2 * plan.rounds) }
        for round in 0..<plan.rounds {
            for turn in loops.indices {
                let place = (round + turn) % loops.count
                prepare(place)
                for sample in Self.sample(loops[place], counts[place], clock) { samples[place].add(sample) }
            }
        }
        statistics = zip(samples, counts).map { $0.statistics?.divided(by: $1) }
    }

    private static func sample(_ loop: Loop, _ count: Int, _ clock: @escaping Loop.Meter) -> [UInt64] {
        let warmUp = max(1, min(count / 16, 1_000))
        for _ in 0..<attempts {
            let readings = loop.readings(count, warmUp: warmUp, by: clock)
            if Readings.areSimultaneous(readings) { return readings.map(\.difference) }
        }
        return []
    }
}
