// SPDX-License-Identifier: MIT OR Apache-2.0

internal import VitrineHypervisor
internal import VitrineObservability
internal import VitrineObservabilityTesting

/// What a backend tells of its operations: see `BackendTelemetry`.
enum TelemetryChecks {
    static let all = [
        ConformanceCheck("each operation is a span, below the caller's", operations),
        ConformanceCheck("a refused machine is an error event", refusal),
        ConformanceCheck("exits are counted", exits),
    ]

    /// Rings twice, once in each of two runs.
    private static let ringing = MachineCode.ring(0xE0) + MachineCode.ring(0xE0) + MachineCode.spin

    @Sendable private static func operations(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        let memory = InMemorySubscriber()
        try Telemetry.withSubscriber(memory) { () throws(ConformanceFailure) in
            try withSpan("caller", target: "conformance") { () throws(ConformanceFailure) in
                do throws(HypervisorError) { try hypervisor.probe() } catch { throw .hypervisor(error) }
                var guest = try TinyGuest(hypervisor, ringing)
                try guest.expectPort(0xE0)
                let handle = guest.machine.interruptHandle
                handle.cancel()
                try expect("outcome", try guest.run(deadline: nil) { _, _ in .stop }, is: .cancelled)
            }
        }
        let backend = Field("backend", hypervisor.name)
        let mismatch = memory.mismatch([
            SpanPattern(
                "caller",
                [
                    SpanPattern("probe", level: .info, fields: [backend]),
                    SpanPattern("make-machine", level: .info, fields: [backend]),
                    SpanPattern(
                        "run", level: .info,
                        fields: [backend, Field("exits", UInt64(1)), Field("outcome", "stopped")]),
                    SpanPattern(
                        "run", level: .info,
                        fields: [backend, Field("exits", UInt64(0)), Field("outcome", "cancelled")]),
                ])
        ])
        try expect("difference of the spans", mismatch, is: nil)
        let targets = Set(memory.spans.map(\.metadata.target))
        try expect("targets", targets, is: ["conformance", "vitrine.hypervisor"])
    }

    @Sendable private static func refusal(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        let memory = InMemorySubscriber()
        let entry = GuestAddress(TinyGuest.data)
        let isRefused = try Telemetry.withSubscriber(memory) { () throws(ConformanceFailure) in
            let guest = try TinyGuest.memory(ringing)
            do throws(HypervisorError) {
                _ = try hypervisor.makeMachine(memory: guest, entry: entry)
                return false
            } catch {
                return true
            }
        }
        try expect("refused", isRefused, is: true)
        let text = String(describing: HypervisorError.invalidEntry(entry))
        try expect("error events", memory.events.filter { $0.metadata.level == .error }.map(\.message), is: [text])
        try expect("status", memory.span(named: "make-machine")?.status, is: .error(text))
    }

    @Sendable private static func exits(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        var guest = try TinyGuest(hypervisor, ringing)
        try expect("exits", guest.machine.counters.exits, is: 0)
        try guest.expectPort(0xE0)
        try guest.expectPort(0xE0)
        try expect("exits", guest.machine.counters.exits, is: 2)
    }
}
