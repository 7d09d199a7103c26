// SPDX-License-Identifier: MIT OR Apache-2.0

internal import VitrineHypervisor
internal import VitrineObservability
internal import VitrineObservabilityTesting

/// What a backend tells of its operations: see `BackendTelemetry`.
enum TelemetryChecks {
    static let all = [
        ConformanceCheck("each operation is a span, below the caller's", operations),
        ConformanceCheck("a refused machine is an error event", refusal),
        ConformanceCheck("an error of a run is an event, where errors alone are wanted too", failedRun),
        ConformanceCheck("an error that is left to the caller marks the span, and is no event", errorsLeftToCaller),
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
        for level in [Level.info, .error] {
            let (memory, text) = try refuse(hypervisor, level)
            try expect("error events", errors(memory), is: [text])
            if level == .info { try expect("status", memory.span(named: "make-machine")?.status, is: .error(text)) }
        }
    }

    @Sendable private static func failedRun(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        let text = String(describing: HypervisorError.machineDead)
        for level in [Level.info, .error] {
            let memory = try runDead(hypervisor, level)
            try expect("error events", errors(memory), is: [text])
            if level == .info { try expect("status", memory.span(named: "run")?.status, is: .error(text)) }
        }
    }

    @Sendable private static func errorsLeftToCaller(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        let quiet: any Hypervisor = hypervisor.leavingErrorsToCaller
        for level in [Level.info, .error] {
            let (making, text) = try refuse(quiet, level)
            let running = try runDead(quiet, level)
            try expect("error events", errors(making) + errors(running), is: [])
            guard level == .info else { continue }
            try expect("status", making.span(named: "make-machine")?.status, is: .error(text))
            let dead = String(describing: HypervisorError.machineDead)
            try expect("status", running.span(named: "run")?.status, is: .error(dead))
        }
    }

    /// What is told when a machine is refused, and the words of the error.
    private static func refuse(
        _ hypervisor: any Hypervisor, _ level: Level
    ) throws(ConformanceFailure) -> (InMemorySubscriber, text: String) {
        let memory = InMemorySubscriber(maximumLevel: level)
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
        return (memory, String(describing: HypervisorError.invalidEntry(entry)))
    }

    /// What is told when a machine is run that has come to its end.
    private static func runDead(
        _ hypervisor: any Hypervisor, _ level: Level
    ) throws(ConformanceFailure) -> InMemorySubscriber {
        let memory = InMemorySubscriber(maximumLevel: level)
        var guest = try TinyGuest(hypervisor, [0x0F, 0x0B])  // ud2
        _ = try guest.expectException(6)
        try Telemetry.withSubscriber(memory) { () throws(ConformanceFailure) in try guest.expectDead() }
        return memory
    }

    private static func errors(_ memory: InMemorySubscriber) -> [String] {
        memory.events.filter { $0.metadata.level == .error }.map(\.message)
    }

    @Sendable private static func exits(_ hypervisor: any Hypervisor) throws(ConformanceFailure) {
        var guest = try TinyGuest(hypervisor, ringing)
        try expect("exits", guest.machine.counters.exits, is: 0)
        try guest.expectPort(0xE0)
        try guest.expectPort(0xE0)
        try expect("exits", guest.machine.counters.exits, is: 2)
    }
}
