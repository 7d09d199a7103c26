// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import Vitrine
import VitrineObservability
import VitrineObservabilityTesting

@Suite("Floods and counters")
struct FloodTests {
    /// The value of a counter in a registry; 0 if it has no such series.
    private func value(_ registry: MetricsRegistry, _ name: String, _ label: String? = nil) -> UInt64 {
        for family in registry.snapshot() where family.name == name {
            for series in family.series where label == nil || series.labels.contains(where: { $0.value == label }) {
                if case .counter(let value) = series.value { return value }
            }
        }
        return 0
    }

    @Test("A flood of events is cut to the budget, counted, and does not fail the call", arguments: Places.hostile)
    func telemetry(_ place: Place) throws {
        let registry = MetricsRegistry()
        let subscriber = InMemorySubscriber()
        try Telemetry.withSubscriber(subscriber) {
            let sandbox = try place.sandbox { builder in
                builder.metrics = registry
                builder.memory.telemetry = 4_096
                builder.limits.telemetryRecordsPerCall = 100
            }
            subscriber.reset()
            let _: Int32 = try sandbox.call("hostile", Int32(76))
            expectWorks(sandbox)
        }
        #expect(subscriber.events.filter { $0.origin == .guest }.count == 100)
        #expect(value(registry, "guest_telemetry_dropped_total", "over_budget") > 100_000)
        #expect(subscriber.events.contains { $0.message == "guest telemetry was dropped" })
    }

    @Test("The budget of bytes cuts a flood as well, and budgets below nothing are nothing", arguments: Places.hostile)
    func byteBudget(_ place: Place) throws {
        for (byteCount, most) in [(4_096, 4_096 / 48), (0, 0), (.min, 0)] {
            let registry = MetricsRegistry()
            let subscriber = InMemorySubscriber()
            try Telemetry.withSubscriber(subscriber) {
                let sandbox = try place.sandbox { builder in
                    builder.metrics = registry
                    builder.memory.telemetry = 4_096
                    builder.limits.telemetryBytesPerCall = byteCount
                }
                subscriber.reset()
                let _: Int32 = try sandbox.call("hostile", Int32(76))
                expectWorks(sandbox)
            }
            let count = subscriber.events.count { $0.origin == .guest }
            #expect(count <= most)
            #expect((count > 0) == (most > 0))
            #expect(value(registry, "guest_telemetry_dropped_total", "over_budget") > 100_000)
        }
    }

    @Test("A flood of prints is cut to the budget, and begins anew with the next call", arguments: Places.hostile)
    func prints(_ place: Place) throws {
        let registry = MetricsRegistry()
        let byteCount = Box<Int>()
        let sandbox = try place.sandbox { builder in
            builder.metrics = registry
            builder.limits.printBytesPerCall = 10_000
            builder.onPrint = { byteCount.value = (byteCount.value ?? 0) + $0.utf8.count }
        }
        for round in 1...2 {
            let _: Int32 = try sandbox.call("hostile", Int32(77))
            #expect((byteCount.value ?? 0) <= round * 10_000)
            #expect((byteCount.value ?? 0) > (round - 1) * 10_000)
        }
        #expect(value(registry, "guest_telemetry_dropped_total", "print_over_budget") > 0)
    }

    @Test("Guest errors are counted by code, cancellations apart", arguments: Places.each)
    func counters(_ place: Place) throws {
        let registry = MetricsRegistry()
        func sandbox() throws -> Sandbox { try place.sandbox { $0.metrics = registry } }
        #expect(value(registry, "guest_cancellations_total") == 0)
        let first = try sandbox()
        for _ in 0..<3 { expectFailure(.guestError) { try first.call("guest_error", Int32(1_000), "x") } }
        expectFailure(.unknownFunction) { try first.call("no_such_function") }
        expectFailure(.guestAborted) { try first.call("trap") }
        expectFailure(.poisoned) { try first.call("trap") }
        // The first of these two never ran, so nothing was stopped.
        expectFailure(.deadlineExceeded) { try sandbox().call("spin", deadline: .zero) }
        expectStopped(try sandbox(), after: .milliseconds(5))
        #expect(value(registry, "guest_errors_total", "guestError") == 3)
        #expect(value(registry, "guest_errors_total", "unknownFunction") == 1)
        #expect(value(registry, "guest_errors_total", "guestAborted") == 1)
        #expect(value(registry, "guest_errors_total", "poisoned") == 0)
        #expect(value(registry, "guest_cancellations_total") == 1)
        #expect(registry.snapshot().contains { $0.name == "erroneous_vcpu_kicks_total" })
    }

    @Test("A kick without a cause is counted and disturbs nothing", arguments: Places.each)
    func erroneousKicks(_ place: Place) throws {
        // On a busy machine the outer call's time may be over before the inner guest has begun: then it is given more.
        for milliseconds: UInt32 in [20, 80, 320, 1_280, 5_120, 20_480] {
            if try kickWithoutCause(place, after: milliseconds) { return }
        }
        Issue.record("no guest was inside when the deadline passed")
    }

    /// Whether a guest was running when the deadline of another call passed on its thread.
    private func kickWithoutCause(_ place: Place, after milliseconds: UInt32) throws -> Bool {
        let registry = MetricsRegistry()
        let inner = try place.sandbox { builder in
            builder.metrics = registry
            builder.limits.deadline = nil
        }
        // The outer call's deadline passes while the inner guest runs on the same thread: no cause for the inner one.
        let outer = try place.sandbox { builder in
            builder.hostFunction("wait") { (number: Int64) -> Int64 in
                TestThread.start {
                    usleepMilliseconds(3 * milliseconds)
                    while !inner.cancel() { usleepMilliseconds(1) }
                }
                expectFailure(.cancelled) { try inner.call("spin") }
                return number
            }
        }
        expectFailure(.deadlineExceeded) {
            let _: Int64 = try outer.call("call_host", "wait", Int64(1), deadline: .milliseconds(milliseconds))
        }
        guard value(registry, "erroneous_vcpu_kicks_total") > 0 else { return false }
        #expect(value(registry, "guest_cancellations_total") == 1)
        return true
    }
}
