// SPDX-License-Identifier: MIT OR Apache-2.0

import BenchmarkHarness
import CBenchmarkProbes
import Synchronization
import Vitrine
import VitrineObservability

extension BenchmarkCase {
    /// There is no build without telemetry to compare with. What such a build would save is counted and timed instead: as
    /// many spans, all of them off, as one call has when they are on. The call itself leaves most of these checks out.
    static let callAddChecks = BenchmarkCase(
        name: "call_add_checks",
        summary: "the checks for spans of one call of add, nothing installed, against the call"
    ) { surroundings in
        let name = "call_add_checks"
        let sandbox = try surroundings.builder.build()
        let counter = CountingSubscriber()
        let isRight = try Telemetry.withSubscriber(counter) { () throws in try addition(sandbox) == 42 }
        let spanCount = counter.count
        try expect(name, isRight && spanCount > 0)

        let wrongCount = WrongCount()
        let call = Loop.plain { count in
            for _ in 0..<count where (try? addition(sandbox)) != 42 { wrongCount.add() }
        }
        let checks = Loop.plain { OffLoops.spans($0 &* spanCount) }
        let plan = LoopPlan(rounds: surroundings.rounds ?? 200)
        let statistics = LoopRounds(plan, [checks, call]) { Stopwatch.now }.statistics
        let allocations = LoopCase.allocations(of: LoopCase.Sides(subject: call))
        guard wrongCount.value == 0, let subject = statistics[0], let reference = statistics[1] else {
            throw WrongResult(name: name)
        }
        return Figure(
            name: name,
            unit: .nanoseconds,
            subject: subject,
            referenceName: "call_add",
            reference: reference,
            allocations: allocations,
            goal: .ratio(0.01)
        )
    }
}

/// Counts what the host tells of a call.
private final class CountingSubscriber: Subscriber {
    private let records = Atomic<Int>(0)

    var count: Int { records.load(ordering: .relaxed) }
    var maximumLevel: Level { .trace }
    var needs: SubscriberNeeds { [] }
    func spanDidStart(_ span: borrowing SpanView) {}
    func spanDidEnd(_ span: borrowing SpanView) { count(span.origin) }
    func eventDidOccur(_ event: borrowing EventView) { count(event.origin) }
    func flush() {}

    private func count(_ origin: SpanOrigin) {
        if case .host = origin { records.wrappingAdd(1, ordering: .relaxed) }
    }
}

/// How many calls went wrong in a loop, which cannot throw.
private final class WrongCount: Sendable {
    private let number = Atomic<Int>(0)

    var value: Int { number.load(ordering: .relaxed) }
    func add() { number.wrappingAdd(1, ordering: .relaxed) }
}
