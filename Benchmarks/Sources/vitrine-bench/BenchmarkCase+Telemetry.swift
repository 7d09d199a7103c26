// SPDX-License-Identifier: MIT OR Apache-2.0

import BenchmarkHarness
import Vitrine
import VitrineObservability

extension BenchmarkCase {
    static let callAddTraced = BenchmarkCase(
        name: "call_add_traced",
        summary: "call_add with every span and event on and a subscriber that ignores them, against call_add"
    ) { surroundings in
        let sandbox = try surroundings.builder.build()
        let subscriber = IgnoringSubscriber()
        return try figure(
            "call_add_traced",
            surroundings.plan(rounds: 200, batch: 20),
            referenceName: "call_add",
            goal: nil,
            timing: { try Stopwatch.measure { try expect("call_add_traced", try addition(sandbox) == 42) } }
        ) {
            Telemetry.install(subscriber)
            defer { Telemetry.uninstall() }
            return try Stopwatch.measure { try expect("call_add_traced", try addition(sandbox) == 42) }
        }
    }

    static let callAddDeadline = BenchmarkCase(
        name: "call_add_deadline",
        summary: "call_add with a deadline of one second, against call_add"
    ) { surroundings in
        let sandbox = try surroundings.builder.build()
        return try figure(
            "call_add_deadline",
            surroundings.plan(rounds: 200, batch: 20),
            referenceName: "call_add",
            goal: nil,
            timing: { try Stopwatch.measure { try expect("call_add_deadline", try addition(sandbox) == 42) } }
        ) {
            try Stopwatch.measure {
                let sum: Int64 = try sandbox.call("add", Int64(40), Int64(2), deadline: .seconds(1))
                try expect("call_add_deadline", sum == 42)
            }
        }
    }
}

/// Wants everything and does nothing with it: what is left is the cost of making records.
private struct IgnoringSubscriber: Subscriber {
    var maximumLevel: Level { .trace }
    var needs: SubscriberNeeds { [.timestamps, .spanStarts] }
    func spanDidStart(_ span: borrowing SpanView) {}
    func spanDidEnd(_ span: borrowing SpanView) {}
    func eventDidOccur(_ event: borrowing EventView) {}
    func flush() {}
}
