// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import Testing
import VitrineObservability
import VitrineObservabilityTesting

/// The tests of the one installed subscriber: one after the other, each with a target of its own, because other
/// suites run meanwhile.
@Suite("Telemetry.install", .serialized)
struct InstallationTests {
    @Test("delivers to the installed subscriber until it is uninstalled")
    func installation() {
        let memory = InMemorySubscriber(maximumLevel: .warn)
        Telemetry.install(memory)
        event("kept", target: "installation", level: .warn)
        event("too verbose", target: "installation", level: .info)
        let second = InMemorySubscriber(maximumLevel: .trace)
        Telemetry.install(second)
        event("second", target: "installation", level: .trace)
        Telemetry.uninstall()
        Telemetry.uninstall()
        event("late", target: "installation", level: .error)
        #expect(memory.events.filter { $0.metadata.target == "installation" }.map(\.message) == ["kept"])
        #expect(second.events.filter { $0.metadata.target == "installation" }.map(\.message) == ["second"])
    }

    @Test("releases a replaced subscriber")
    func release() {
        weak var observed: InMemorySubscriber?
        do {
            let memory = InMemorySubscriber()
            observed = memory
            Telemetry.install(memory)
        }
        #expect(observed != nil)
        Telemetry.uninstall()
        #expect(eventually { observed == nil })
    }

    @Test("survives replacement while eight threads emit, and releases every subscriber")
    func concurrentReplacement() async {
        let tally = Tally()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<5_000 { event("storm", level: .error) }
                }
            }
            group.addTask {
                for _ in 0..<2_000 { Telemetry.install(TallySubscriber(tally)) }
            }
        }
        Telemetry.uninstall()
        #expect(tally.created.load(ordering: .relaxed) == 2_000)
        #expect(eventually { tally.released.load(ordering: .relaxed) == 2_000 })
        #expect(tally.calledAfterRelease.load(ordering: .relaxed) == 0)
    }
}

/// What became of the subscribers of a test.
private final class Tally: Sendable {
    let created = Atomic<Int>(0)
    let released = Atomic<Int>(0)
    let calledAfterRelease = Atomic<Int>(0)
}

/// Tells its tally of its life, and whether it was called after it.
private final class TallySubscriber: Subscriber {
    let maximumLevel = Level.error
    let needs: SubscriberNeeds = .spanStarts
    private let tally: Tally
    private let isAlive = Atomic<Bool>(true)

    init(_ tally: Tally) {
        self.tally = tally
        tally.created.wrappingAdd(1, ordering: .relaxed)
    }

    deinit {
        isAlive.store(false, ordering: .relaxed)
        tally.released.wrappingAdd(1, ordering: .relaxed)
    }

    func spanDidStart(_ span: borrowing SpanView) { check() }
    func spanDidEnd(_ span: borrowing SpanView) { check() }
    func eventDidOccur(_ event: borrowing EventView) { check() }
    func flush() {}

    private func check() {
        if !isAlive.load(ordering: .relaxed) { tally.calledAfterRelease.wrappingAdd(1, ordering: .relaxed) }
    }
}
