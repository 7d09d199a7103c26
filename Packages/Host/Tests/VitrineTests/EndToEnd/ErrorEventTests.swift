// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import Vitrine
import VitrineHypervisor
import VitrineObservability
import VitrineObservabilityTesting

private struct Spoiled: Error, CustomStringConvertible {
    let description = "spoiled"
}

/// An error is one event, whoever listens and to however little.
@Suite("Error events")
struct ErrorEventTests {
    private static let levels: [Level] = [.error, .trace]

    private func errors(_ memory: InMemorySubscriber) -> [String] {
        memory.events.filter { $0.metadata.level == .error }.map(\.message)
    }

    /// The codes of errors of sandboxes, or the words of others.
    private func heads(_ memory: InMemorySubscriber) -> [String] {
        errors(memory).map { String($0.prefix { $0 != ":" }) }
    }

    @Test(
        "A run that the machine refuses is the host's one event, not the backend's too", arguments: Places.each, levels)
    func failedRun(_ place: Place, _ level: Level) throws {
        let memory = InMemorySubscriber(maximumLevel: level)
        try Telemetry.withSubscriber(memory) {
            var sandboxes = [try place.sandbox()]
            for _ in 0..<8 {
                let inner = sandboxes[sandboxes.count - 1]
                sandboxes.append(
                    try place.sandbox { builder in
                        builder.hostFunction("multiply") { (a: Int64, b: Int64) throws -> Int64 in
                            try inner.call("call_host_multiply", a, b)
                        }
                    })
            }
            expectFailure(.hostFunctionFailed) {
                let _: Int64 = try sandboxes[8].call("call_host_multiply", Int64(1), Int64(2))
            }
        }
        #expect(heads(memory) == ["system"] + [String](repeating: "hostFunctionFailed", count: 8))
        let refusal = String(describing: HypervisorError.runsNestedTooDeep)
        #expect(errors(memory).first?.contains(refusal) == true)
        guard level == .trace else { return }
        #expect(memory.spans(named: "run").count { $0.status == .error(refusal) } == 1)
    }

    @Test("A call into the sandbox that waits for it is an event, and its span says so", arguments: Places.each, levels)
    func reentrant(_ place: Place, _ level: Level) throws {
        let memory = InMemorySubscriber(maximumLevel: level)
        let slot = Box<Sandbox>()
        let sandbox = try place.sandbox { builder in
            builder.hostFunction("again") { (number: Int64) in
                // Nobody above hears of it.
                try? slot.value?.call("echo_void")
                return number
            }
        }
        slot.value = sandbox
        defer { slot.value = nil }
        try Telemetry.withSubscriber(memory) { let _: Int64 = try sandbox.call("call_host", "again", Int64(1)) }
        #expect(heads(memory) == ["reentrantCall"])
        guard level == .trace else { return }
        let refused = try #require(memory.spans(named: "call").first)
        let ends = [
            Field("outcome", "reentrantCall"), Field("exits", UInt64(0)), Field("bytes.in", UInt64(0)),
            Field("bytes.out", UInt64(0)),
        ]
        #expect(ends.allSatisfy(refused.fields.contains))
    }

    @Test("What a host function throws is an event, whatever the guest makes of it", arguments: Places.each, levels)
    func thrown(_ place: Place, _ level: Level) throws {
        let memory = InMemorySubscriber(maximumLevel: level)
        let sandbox = try place.sandbox { builder in
            builder.hostFunction("fail") { (_: Int64) throws -> Int64 in throw Spoiled() }
        }
        Telemetry.withSubscriber(memory) {
            expectFailure(.hostFunctionFailed) { let _: Int64 = try sandbox.call("call_host", "fail", Int64(1)) }
            expectFailure(.hostFunctionFailed) { let _: Int64 = try sandbox.call("call_host", "gone", Int64(1)) }
        }
        #expect(heads(memory) == ["spoiled", "hostFunctionFailed", "hostFunctionFailed"])
        let event = try #require(memory.events.first { $0.message == "spoiled" })
        #expect(event.metadata.target == "vitrine.host")
        #expect(event.fields == [Field("exception.type", "Spoiled")])
    }

    @Test(
        "A host call with the guest's own mistakes is no event but that of the call that fails of it",
        arguments: Places.each, levels)
    func mistaken(_ place: Place, _ level: Level) throws {
        let memory = InMemorySubscriber(maximumLevel: level)
        let sandbox = try place.multiplyingSandbox()
        _ = Telemetry.withSubscriber(memory) {
            expectFailure(.hostFunctionFailed) { let _: Int64 = try sandbox.call("call_host_wrong") }
        }
        #expect(heads(memory) == ["hostFunctionFailed"])
        guard level == .trace else { return }
        let status = try #require(memory.span(named: "call-to-host")).status
        #expect(status == .error("it takes 2 parameters, not 1"))
    }

    @Test(
        "What a host function tells lies in the guest's span, where the host's own are not wanted",
        arguments: Places.all)
    func belowTheGuestAlone(_ place: Place) throws {
        func work(_ subscriber: any Subscriber) throws {
            try Telemetry.withSubscriber(subscriber) {
                let sandbox = try place.sandbox { builder in
                    builder.hostFunction("multiply") { (a: Int64, b: Int64) in
                        withSpan("work", target: "myapp") {
                            event("working", target: "myapp")
                            return a &* b
                        }
                    }
                }
                let _: Int64 = try sandbox.call("span_across_host_call")
            }
        }
        let everything = InMemorySubscriber()
        try work(everything)
        let guest = try #require(everything.span(named: "across")).metadata.target
        let memory = InMemorySubscriber()
        let filter = try TelemetryFilter(parsing: "none,\(guest)=trace,myapp=trace")
        try work(FilteredSubscriber(filter, memory))
        let span = try #require(memory.span(named: "work"))
        #expect(memory.path(of: span) == ["across", "work"])
        #expect(memory.events(in: span).map(\.message) == ["working"])
        #expect(!memory.spans.contains { $0.metadata.target.hasPrefix("vitrine.") })
    }
}
