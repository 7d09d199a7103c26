// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import Vitrine
import VitrineObservability
import VitrineObservabilityTesting

/// What the host tells of its own operations.
@Suite("Spans of operations")
struct OperationSpanTests {
    private static let host = TelemetryFilter([FilterDirective(target: "vitrine.host", level: .info)])

    @Test("Each operation is a span below the caller's, with what it took and what came of it", arguments: Places.all)
    func operations(_ place: Place) async throws {
        let memory = InMemorySubscriber()
        let plain = try place.builder()
        let id = try await Telemetry.withSubscriber(FilteredSubscriber(Self.host, memory)) {
            try await withSpan("request", target: "vitrine.host.test") {
                let image = try GuestImage(file: place.guest.path)
                var builder = plain
                builder.guest = .image(image)
                builder.hostFunction("multiply") { (a: Int64, b: Int64) in a &* b }
                let sandbox = try builder.build()
                let product: Int64 = try sandbox.call("call_host_multiply", Int64(6), Int64(7))
                #expect(product == 42)
                let text: String = try await sandbox.callAsync("echo_string", "hello")
                #expect(text == "hello")
                #expect(throws: SandboxError.self) { try sandbox.call("guest_error", Int32(7), "no luck") }
                #expect(!sandbox.cancel())
                return sandbox.id
            }
        }
        func call(_ function: String, _ outcome: String, _ children: [SpanPattern]? = []) -> SpanPattern {
            SpanPattern(
                "call", level: .info,
                fields: [
                    Field("function", function), Field("sandbox.id", id), Field("backend", place.backend.rawValue),
                    Field("outcome", outcome),
                ], [SpanPattern("call-to-guest", children)])
        }
        let mismatch = memory.mismatch([
            SpanPattern(
                "request",
                [
                    SpanPattern("load-image", level: .info, fields: [Field("file", place.guest.path)]),
                    SpanPattern(
                        "build", level: .info,
                        fields: [Field("sandbox.id", id), Field("backend", place.backend.rawValue)],
                        [SpanPattern("call-to-guest", fields: [Field("function", "start"), Field("sandbox.id", id)])]),
                    call(
                        "call_host_multiply", "ok",
                        [SpanPattern("call-to-host", fields: [Field("function", "multiply")])]),
                    call("echo_string", "ok"),
                    call("guest_error", "guestError"),
                    SpanPattern("cancel", fields: [Field("sandbox.id", id), Field("was_running", false)]),
                ])
        ])
        #expect(mismatch == nil)
        for span in memory.spans(named: "call") {
            func number(_ key: String) -> UInt64 {
                guard case .uint64(let value) = span.fields.first(where: { $0.key == key })?.value else { return 0 }
                return value
            }
            let isHostCall = span.fields.contains(Field("function", "call_host_multiply"))
            #expect(number("exits") == (isHostCall ? 2 : 1))
            #expect(number("bytes.in") > 16 && number("bytes.out") > 16)
        }
        // An error on its way up is told once, and marks each span it leaves.
        #expect(memory.events.filter { $0.metadata.level == .error }.count == 1)
        let failed = memory.spans.filter { if case .error = $0.status { true } else { false } }
        #expect(failed.map(\.metadata.name) == ["call-to-guest", "call"])
    }

    @Test("A build that fails, and an image that cannot be loaded, are errors in their spans", arguments: Places.each)
    func failures(_ place: Place) throws {
        let memory = InMemorySubscriber()
        Telemetry.withSubscriber(memory) {
            #expect(throws: SandboxError.self) { try GuestImage(parsing: [1, 2, 3], name: "broken") }
            #expect(throws: SandboxError.self) {
                var builder = try place.builder()
                builder.memory.heap = -1
                _ = try builder.build()
            }
        }
        let load = try #require(memory.spans(named: "load-image").first)
        #expect(load.fields == [Field("guest", "broken"), Field("bytes", 3)])
        for name in ["load-image", "build"] {
            let span = try #require(memory.spans(named: name).first { $0.status != .unset })
            let events = memory.events.filter { $0.context?.traceID == span.context.traceID }
            #expect(events.map(\.metadata.level) == [.error])
        }
    }

    @Test("Where errors alone are wanted, each is one event, without any span", arguments: Places.each)
    func errorsAlone(_ place: Place) async throws {
        let memory = InMemorySubscriber(maximumLevel: .error)
        let builder = try place.builder()
        await Telemetry.withSubscriber(memory) {
            #expect(throws: SandboxError.self) { try GuestImage(parsing: [1, 2, 3], name: "broken") }
            var broken = builder
            broken.guest = .bytes([4])
            #expect(throws: SandboxError.self) { _ = try broken.build() }
            var impossible = builder
            impossible.memory.heap = -1
            #expect(throws: SandboxError.self) { _ = try impossible.build() }
            let sandbox = try? builder.build()
            #expect(throws: SandboxError.self) { try sandbox?.call("guest_error", Int32(7), "x") }
            await #expect(throws: SandboxError.self) { try await sandbox?.callAsync("guest_error", Int32(7), "x") }
        }
        #expect(memory.spans.isEmpty)
        #expect(
            memory.events.map { String($0.message.prefix { $0 != ":" }) } == [
                "badImage", "badImage", "invalidConfiguration", "guestError", "guestError",
            ])
        #expect(memory.events.allSatisfy { $0.metadata.target == "vitrine.host" && $0.metadata.level == .error })
    }

    @Test("Inner steps are told at trace level only, the backend's operations below them", arguments: Places.each)
    func innerSteps(_ place: Place) throws {
        let everything = InMemorySubscriber()
        let builder = try place.builder()
        try Telemetry.withSubscriber(everything) { _ = try builder.build() }
        let steps = everything.spans.filter { $0.metadata.level == .trace }.map(\.metadata.name)
        #expect(Set(steps).isSuperset(of: ["select-backend", "make-memory"]))
        #expect(everything.spans.contains { $0.metadata.target == "vitrine.hypervisor" && $0.metadata.name == "run" })
        let info = InMemorySubscriber(maximumLevel: .info)
        try Telemetry.withSubscriber(info) { _ = try builder.build() }
        #expect(!info.spans.contains { $0.metadata.level == .trace })
        #expect(everything.events.contains { $0.message == "sandbox dropped" && $0.metadata.level == .debug })
    }
}
