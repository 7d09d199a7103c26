// SPDX-License-Identifier: MIT OR Apache-2.0

/// How often a pair is measured.
public struct RoundPlan: Hashable, Sendable {
    /// Rounds that count.
    public var rounds: Int
    /// Operations of each side in a round, one after another.
    public var batch: Int
    /// Rounds in front that do not count: caches, huge pages and clocks settle.
    public var warmUpRounds: Int
    /// Samples that one operation takes.
    public var samplesPerOperation: Int

    /// A plan from its parts.
    public init(rounds: Int, batch: Int, samplesPerOperation: Int = 1, warmUpRounds: Int = 3) {
        self.rounds = max(1, rounds)
        self.batch = max(1, batch)
        self.warmUpRounds = max(0, warmUpRounds)
        self.samplesPerOperation = max(1, samplesPerOperation)
    }

    /// The most samples of one side.
    var capacity: Int { rounds * batch * samplesPerOperation }
}

/// Measures two things in turns: a small batch of one, a small batch of the other, and the other way round in the next
/// round. Whatever drifts (clock speed, neighbours, page cache) meets both sides alike, so their ratio stays true on a
/// machine whose absolute times do not.
public struct PairedRounds: Sendable {
    /// Of the thing that others are compared with; nil when it cannot run here.
    public private(set) var reference: Samples
    /// Of the thing that is measured.
    public private(set) var subject: Samples

    /// One operation: does it once and adds its samples.
    public typealias Operation = (inout Samples) throws -> Void

    /// Runs the plan. Without a reference only the subject is measured.
    public init(_ plan: RoundPlan, reference: Operation?, subject: Operation) throws {
        self.reference = Samples(capacity: reference == nil ? 0 : plan.capacity)
        self.subject = Samples(capacity: plan.capacity)
        for round in -plan.warmUpRounds..<plan.rounds {
            if round % 2 == 0, let reference { try Self.run(plan, round, reference, into: &self.reference) }
            try Self.run(plan, round, subject, into: &self.subject)
            if round % 2 != 0, let reference { try Self.run(plan, round, reference, into: &self.reference) }
        }
    }

    private static func run(
        _ plan: RoundPlan,
        _ round: Int,
        _ operation: Operation,
        into samples: inout Samples
    ) throws {
        var discarded = Samples(capacity: 0)
        for _ in 0..<plan.batch {
            if round < 0 { try operation(&discarded) } else { try operation(&samples) }
        }
    }
}
