// SPDX-License-Identifier: MIT OR Apache-2.0

import BenchmarkHarness
import CBenchmarkProbes

/// A figure of telemetry: an operation that is measured by the loop, beside another library's, both less the empty loop if
/// the goal is one over the loop.
struct LoopCase: Sendable {
    /// What is measured beside the subject.
    struct Peer: Sendable {
        let name: String
        let loop: Loop
    }

    /// The loops of a case that is set up.
    struct Sides: Sendable {
        let subject: Loop
        var peer: Peer?
        /// The loop without the operation.
        var empty: Loop?
        /// Called before a loop is measured, each time.
        var prepare: @Sendable (Side) -> Void = { _ in }
        /// Whether only the allocations of the loop's own thread count: others work for it.
        var countsThread = false
        /// Whether the subject did what it should have, asked after the measurement.
        var isRight: @Sendable () -> Bool = { true }
        /// Takes down what was set up.
        var finish: @Sendable () -> Void = {}
    }

    /// Its name on the command line.
    let name: String
    /// One line on what is measured.
    let summary: String
    /// The bound of the median, in nanoseconds; nil for a figure that is only shown.
    var goal: Double?
    /// The bound of the median over the peer's, instead.
    var ratioGoal: Double?
    /// The bound of its instructions, less those of the empty loop.
    var instructionLimit: Int?
    /// How many operations are enough to count instructions.
    var countedOperations = 20_000
    /// The unit that it is shown in.
    var unit = FigureUnit.nanoseconds
    /// Sets it up.
    let prepare: @Sendable () -> Sides

    /// Rounds of a case if nothing is said.
    static let defaultRounds = 200

    /// Measures it; nil if two threads do not run at once here. Throws if the work was not done.
    func measure(rounds: Int) throws -> Figure? {
        let sides = prepare()
        defer { sides.finish() }
        let loops = [(Side.subject, sides.subject), (.peer, sides.peer?.loop), (.empty, sides.empty)]
            .compactMap { side, loop in loop.map { (side, $0) } }
        let prepare = { (place: Int) in sides.prepare(loops[place].0) }
        let statistics = LoopRounds(LoopPlan(rounds: rounds), loops.map(\.1), prepare: prepare) { Stopwatch.now }
            .statistics
        let base = sides.empty == nil ? 0 : statistics.last??.median ?? 0
        let allocations = Self.allocations(of: sides)
        guard sides.isRight() else { throw BenchmarkCase.WrongResult(name: name) }
        guard let subject = statistics[0] else { return nil }
        return Figure(
            name: name,
            unit: unit,
            subject: subject.less(base),
            referenceName: sides.peer?.name,
            reference: sides.peer == nil ? nil : statistics[1]?.less(base),
            allocations: allocations,
            goal: goal.map { .median($0) } ?? ratioGoal.map { .ratio($0) }
        )
    }

    /// Allocations of one operation: the least of some passes, since threads that have nothing to do with it allocate too.
    static func allocations(of sides: Sides, operations: Int = 1_000) -> Double {
        allocation_counting_set(true)
        defer { allocation_counting_set(false) }
        let countsThread = sides.countsThread
        let meter: Loop.Meter = { countsThread ? allocation_count_of_thread() : allocation_count() }
        let counts = (0..<5).flatMap { _ -> [UInt64] in
            sides.prepare(.subject)
            return sides.subject.measure(operations, warmUp: 100, by: meter)
        }
        return Double(counts.min() ?? 0) / Double(operations)
    }

    /// Does a side so many times and measures nothing: for tools that count instructions from outside.
    func run(_ side: Side, operations: Int) {
        let sides = prepare()
        defer { sides.finish() }
        sides.prepare(side)
        switch side {
        case .subject: sides.subject.run(operations)
        case .peer: sides.peer?.loop.run(operations)
        case .empty: sides.empty?.run(operations)
        }
    }

    /// A loop of a case, by name.
    enum Side: String, CaseIterable, Sendable {
        case subject, peer, empty
    }

    /// All cases, in the order they run.
    static let all = whenOff + whenIgnored + clock + metrics + prometheus + writers + otlp + gzip
}
