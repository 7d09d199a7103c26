// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import Vitrine
import VitrineObservability
import VitrineObservabilityTesting

@Suite("Guest telemetry")
struct TelemetryTests {
    @Test("Guest spans nest below the call, with levels, fields and events", arguments: Places.all)
    func nesting(_ place: Place) throws {
        let subscriber = InMemorySubscriber()
        try Telemetry.withSubscriber(subscriber) {
            let sandbox = try place.sandbox()
            subscriber.reset()
            try sandbox.call("trace_nested", Int32(3))
        }
        let nested = subscriber.spans(named: "nested").sorted { $0.start < $1.start }
        #expect(nested.count == 3)
        #expect(subscriber.openSpans.isEmpty)
        let deepest = try #require(nested.last)
        #expect(subscriber.path(of: deepest) == ["call", "call-to-guest", "nested", "nested", "nested"])
        #expect(nested.allSatisfy { $0.origin == .guest && $0.metadata.level == .info })
        #expect(nested.map { $0.fields.first { $0.key == "depth" }?.value } == [.int64(1), .int64(2), .int64(3)])
        #expect(nested.allSatisfy { $0.fields.contains { $0.key == "outcome" && $0.value == .string("done") } })
        #expect(nested.allSatisfy { $0.metadata.line > 0 && !$0.metadata.file.isEmpty })
        for span in nested {
            let events = subscriber.events(in: span)
            #expect(events.map(\.message) == ["entered"])
            #expect(events.allSatisfy { $0.time >= span.start && $0.time <= (span.end ?? span.start) })
        }
    }

    @Test("Times never leave the call, and never run backwards", arguments: Places.all)
    func times(_ place: Place) throws {
        let subscriber = InMemorySubscriber()
        try Telemetry.withSubscriber(subscriber) {
            let sandbox = try place.multiplyingSandbox()
            subscriber.reset()
            for depth in 1...5 { try sandbox.call("trace_nested", Int32(depth)) }
            let _: Int64 = try sandbox.call("span_across_host_call")
        }
        for span in subscriber.spans {
            let end = try #require(span.end)
            #expect(end >= span.start)
            for child in subscriber.children(of: span) {
                #expect(child.start >= span.start, "\(child.metadata.name) in \(span.metadata.name)")
                #expect(child.end.map { $0 <= end } == true, "\(child.metadata.name) in \(span.metadata.name)")
            }
        }
    }

    @Test("A host call is a span below the guest's, and the host function's spans are below it", arguments: Places.all)
    func acrossTheBoundary(_ place: Place) throws {
        let subscriber = InMemorySubscriber()
        try Telemetry.withSubscriber(subscriber) {
            let sandbox = try place.sandbox { builder in
                builder.hostFunction("multiply") { (a: Int64, b: Int64) in
                    withSpan("work") { () in
                        event("working")
                        return a &* b
                    }
                }
            }
            subscriber.reset()
            let product: Int64 = try withSpan("request") { () in try sandbox.call("span_across_host_call") }
            #expect(product == 42)
        }
        let work = try #require(subscriber.span(named: "work"))
        #expect(
            subscriber.path(of: work) == ["request", "call", "call-to-guest", "across", "call-to-host", "work"])
        #expect(work.origin == .host)
        let across = try #require(subscriber.span(named: "across"))
        #expect(subscriber.events(in: across).map(\.message) == ["back in the guest"])
        let toHost = try #require(subscriber.span(named: "call-to-host"))
        #expect(toHost.fields.contains { $0.key == "function" && $0.value == .string("multiply") })
        let back = try #require(subscriber.events(in: across).first)
        #expect(toHost.end.map { back.time >= $0 } == true)
    }

    @Test("The guest writes only what somebody wants", arguments: Places.all)
    func levels(_ place: Place) throws {
        let sandbox = try place.sandbox()
        for (level, expected) in [(Level.error, 1), (.warn, 2), (.info, 3), (.debug, 4), (.trace, 5)] {
            let subscriber = InMemorySubscriber(maximumLevel: level)
            try Telemetry.withSubscriber(subscriber) {
                for raw in 1...5 as ClosedRange<Int32> { try sandbox.call("log", raw, "level \(raw)") }
            }
            #expect(subscriber.events.map(\.message) == (1...expected).map { "level \($0)" })
            #expect(subscriber.events.allSatisfy { $0.origin == .guest })
        }
        try sandbox.call("trace_nested", Int32(2))
    }

    @Test("An error is one event, in the innermost span it leaves", arguments: Places.all)
    func errors(_ place: Place) throws {
        let subscriber = InMemorySubscriber()
        try Telemetry.withSubscriber(subscriber) {
            let sandbox = try place.sandbox()
            subscriber.reset()
            expectFailure(.guestError) { try sandbox.call("guest_error", Int32(1_000), "no") }
        }
        #expect(subscriber.events.filter { $0.metadata.level == .error }.count == 1)
        let call = try #require(subscriber.span(named: "call"))
        guard case .error = call.status else {
            Issue.record("the call's span is not marked")
            return
        }
    }

    @Test("Spans that a dying guest leaves open are closed with a mark", arguments: Places.hostile)
    func unfinished(_ place: Place) throws {
        let subscriber = InMemorySubscriber()
        try Telemetry.withSubscriber(subscriber) {
            let sandbox = try place.sandbox()
            subscriber.reset()
            let _: Int32 = try sandbox.call("hostile", Int32(70))
        }
        #expect(subscriber.openSpans.isEmpty)
        let marked = subscriber.spans.filter { $0.fields.contains { $0.key == "vitrine.unfinished" } }
        #expect(marked.count == 256)
        #expect(marked.allSatisfy { $0.origin == .guest })
    }

    @Test("Prints arrive in order and whole, whatever the level", arguments: Places.all)
    func prints(_ place: Place) throws {
        let text = Box<String>()
        let sandbox = try place.sandbox { builder in
            builder.onPrint = { piece in text.value = (text.value ?? "") + piece }
        }
        try sandbox.call("print", "Grüße, ")
        try sandbox.call("print", "Welt\n")
        #expect(text.value == "Grüße, Welt\n")
    }

    @Test("An asynchronous call keeps its place in the tree", arguments: Places.each)
    func asynchronous(_ place: Place) async throws {
        let subscriber = InMemorySubscriber()
        try await Telemetry.withSubscriber(subscriber) { () async throws in
            let sandbox = try place.sandbox()
            try await withSpan("request") { () async throws in try await sandbox.callAsync("trace_nested", Int32(1)) }
        }
        let call = try #require(subscriber.span(named: "call"))
        #expect(subscriber.path(of: call) == ["request", "call"])
    }

    @Test("The scoped subscriber of a task sees what its asynchronous calls do on other threads", arguments: Places.all)
    func asynchronousScope(_ place: Place) async throws {
        let subscriber = InMemorySubscriber()
        let sandbox = try place.sandbox { builder in
            builder.hostFunction("multiply") { (a: Int64, b: Int64) in withSpan("work") { () in a &* b } }
        }
        try await Telemetry.withSubscriber(subscriber) { () async throws in
            let product: Int64 = try await sandbox.callAsync("span_across_host_call")
            #expect(product == 42)
        }
        let _: Int64 = try await sandbox.callAsync("span_across_host_call")
        #expect(subscriber.spans.count { $0.metadata.name == "call" } == 1)
        let work = try #require(subscriber.span(named: "work"))
        #expect(subscriber.path(of: work) == ["call", "call-to-guest", "across", "call-to-host", "work"])
        let across = try #require(subscriber.span(named: "across"))
        #expect(subscriber.events(in: across).map(\.message) == ["back in the guest"])
    }
}
