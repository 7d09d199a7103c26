// SPDX-License-Identifier: MIT OR Apache-2.0

import BenchmarkHarness

/// A figure that can be measured.
struct BenchmarkCase: Sendable {
    /// Its name on the command line and in bench.jsonl.
    let name: String
    /// One line on what is measured.
    let summary: String
    /// What measures it.
    let work: Work

    /// How a figure is measured.
    enum Work: Sendable {
        /// With a guest.
        case calls(@Sendable (Surroundings) throws -> Figure)
        /// By a loop, with no guest and no KVM.
        case loop(LoopCase)
    }

    /// Which figures belong together.
    enum Group: String, CaseIterable, Sendable {
        case calls, telemetry
    }

    /// The group it is in.
    var group: Group {
        switch work {
        case .calls: .calls
        case .loop: .telemetry
        }
    }

    /// A figure of calls.
    init(name: String, summary: String, measure: @escaping @Sendable (Surroundings) throws -> Figure) {
        self.name = name
        self.summary = summary
        work = .calls(measure)
    }

    /// A figure of a loop.
    init(_ loop: LoopCase) {
        name = loop.name
        summary = loop.summary
        work = .loop(loop)
    }

    /// The work gave a wrong answer: a benchmark of it would mean nothing.
    struct WrongResult: Error, CustomStringConvertible {
        let name: String
        var description: String { "\(name): wrong result" }
    }

    /// All cases, in the order they run.
    static let all =
        [callAdd, hostCall, call1KiB, call1MiB, call1MiBBorrowed, createFirstCall, spinStop]
        + [deadlineOvershoot, callAddTraced, callAddDeadline, callAddChecks, allocationsRecorded]
        + LoopCase.all.map { BenchmarkCase($0) }

    /// Pairs the sides, and makes the figure.
    static func figure(
        _ name: String,
        _ plan: RoundPlan,
        referenceName: String = Surroundings.floorName,
        goal: Goal?,
        reference: PairedRounds.Operation?,
        subject: PairedRounds.Operation
    ) throws -> Figure {
        let rounds = try PairedRounds(plan, reference: reference, subject: subject)
        guard let statistics = rounds.subject.statistics else { throw WrongResult(name: name) }
        return Figure(
            name: name,
            subject: statistics,
            referenceName: referenceName,
            reference: rounds.reference.statistics,
            goal: goal
        )
    }

    /// The same for operations that take one sample each.
    static func figure(
        _ name: String,
        _ plan: RoundPlan,
        referenceName: String = Surroundings.floorName,
        goal: Goal?,
        timing reference: (() throws -> UInt64?)?,
        against subject: () throws -> UInt64?
    ) throws -> Figure {
        try withoutActuallyEscaping(subject) { subject in
            try figure(
                name, plan, referenceName: referenceName, goal: goal,
                reference: reference.map { reference in
                    { samples in if let sample = try reference() { samples.add(sample) } }
                }
            ) { samples in if let sample = try subject() { samples.add(sample) } }
        }
    }
}
