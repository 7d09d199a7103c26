// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineObservability
import VitrineObservabilityTesting

@Suite("withSpan and Span")
struct SpanTests {
    private enum Failure: Error { case first, second }

    private let memory = InMemorySubscriber()

    @Test("nests by the current span")
    func nesting() throws {
        let value = Telemetry.withSubscriber(memory) {
            withSpan("request", target: "web", level: .info, [Field("id", 7)]) {
                #expect(SpanContext.current != nil)
                return withSpan("query", level: .debug) { span in
                    span.add(Field("rows", 2))
                    event("cache miss", level: .warn, [Field("key", "k")])
                    return 42
                }
            }
        }
        #expect(value == 42)
        #expect(SpanContext.current == nil)
        let request = try #require(memory.span(named: "request"))
        let query = try #require(memory.span(named: "query"))
        #expect(request.parent == nil)
        #expect(request.metadata.target == "web")
        #expect(request.metadata.file == "VitrineObservabilityTests/SpanTests.swift")
        #expect(request.fields == [Field("id", 7)])
        #expect(query.parent == request.context.spanID)
        #expect(query.context.traceID == request.context.traceID)
        #expect(query.context.spanID != request.context.spanID)
        #expect(query.metadata.target == "VitrineObservabilityTests")
        #expect(query.metadata.level == .debug)
        #expect(query.fields == [Field("rows", 2)])
        #expect(query.origin == .host)
        #expect(query.status == .unset)
        #expect(memory.path(of: query) == ["request", "query"])
        #expect(memory.children(of: request) == [query])
        let miss = try #require(memory.events(in: query).first)
        #expect(miss.message == "cache miss")
        #expect(miss.fields == [Field("key", "k")])
        let queryEnd = try #require(query.end)
        let requestEnd = try #require(request.end)
        #expect(request.start <= query.start && query.start <= miss.time)
        #expect(miss.time <= queryEnd && queryEnd <= requestEnd)
        #expect(memory.startedSpans.map(\.metadata.name) == ["request", "query"])
        #expect(memory.openSpans.isEmpty)
    }

    @Test("keeps the parent across await and in child tasks")
    func asynchronous() async throws {
        await Telemetry.withSubscriber(memory) {
            await withSpan("outer") {
                await Task.yield()
                await withTaskGroup(of: Void.self) { group in
                    for index in 0..<8 {
                        group.addTask {
                            await withSpan("inner", [Field("index", index)]) { await Task.yield() }
                        }
                    }
                }
            }
        }
        let outer = try #require(memory.span(named: "outer"))
        let inner = memory.children(of: outer)
        #expect(inner.count == 8)
        #expect(Set(inner.flatMap(\.fields)) == Set((0..<8).map { Field("index", $0) }))
    }

    @Test("passes a thrown error on with its type and records it once")
    func errors() throws {
        Telemetry.withSubscriber(memory) {
            do throws(Failure) {
                try withSpan("outer") { () throws(Failure) in
                    try withSpan("middle") { () throws(Failure) in
                        try withSpan("inner") { () throws(Failure) in throw .first }
                    }
                }
                Issue.record("not thrown")
            } catch {
                #expect(error == .first)
            }
        }
        let inner = try #require(memory.span(named: "inner"))
        #expect(memory.spans.map(\.status) == [.error("first"), .error("first"), .error("first")])
        #expect(memory.events.count == 1)
        let event = try #require(memory.events.first)
        #expect(event.context == inner.context)
        #expect(event.message == "first")
        #expect(event.metadata.level == .error)
        #expect(event.fields == [Field("exception.type", "Failure")])
    }

    @Test("records a second error that is another one")
    func translatedError() async {
        await Telemetry.withSubscriber(memory) {
            do throws(Failure) {
                try await withSpan("outer") { () async throws(Failure) in
                    do throws(Failure) {
                        try await withSpan("inner") { () async throws(Failure) in throw .first }
                    } catch {
                        throw .second
                    }
                }
            } catch {
                #expect(error == .second)
            }
        }
        #expect(memory.events.map(\.message) == ["first", "second"])
    }

    @Test("a caught error marks only the span it left")
    func caughtError() throws {
        Telemetry.withSubscriber(memory) {
            withSpan("outer") {
                try? withSpan("inner") { () throws(Failure) in throw .first }
            }
        }
        #expect(try #require(memory.span(named: "outer")).status == .unset)
        #expect(try #require(memory.span(named: "inner")).status == .error("first"))
        #expect(memory.events.count == 1)
    }

    @Test("a manual span ends with its scope, once, and takes an explicit parent")
    func manual() throws {
        let parent = SpanContext(traceID: .random(), spanID: .random())
        Telemetry.withSubscriber(memory) {
            do {
                var span = Span("scoped", parent: .span(parent), [Field("a", 1)])
                span.add(Field("b", 2))
                span.setError("gone")
                #expect(span.context?.traceID == parent.traceID)
                #expect(SpanContext.current == nil)
            }
            let explicit = Span("explicit", parent: .root)
            #expect(memory.openSpans.map(\.metadata.name) == ["explicit"])
            explicit.end()
        }
        #expect(memory.spans.map(\.metadata.name) == ["scoped", "explicit"])
        let scoped = try #require(memory.span(named: "scoped"))
        #expect(scoped.parent == parent.spanID)
        #expect(scoped.fields == [Field("a", 1), Field("b", 2)])
        #expect(scoped.status == .error("gone"))
        #expect(try #require(memory.span(named: "explicit")).parent == nil)
    }

    @Test("an end before the start is the start")
    func backwards() throws {
        Telemetry.withSubscriber(memory) {
            Span("a").end(at: Timestamp(nanosecondsSinceEpoch: 1))
        }
        #expect(try #require(memory.span(named: "a")).durationNanoseconds == 0)
    }

    @Test("the root parent starts a new trace below a current span")
    func root() throws {
        Telemetry.withSubscriber(memory) {
            withSpan("outer") { withSpan("other", parent: .root) {} }
        }
        let outer = try #require(memory.span(named: "outer"))
        let other = try #require(memory.span(named: "other"))
        #expect(other.parent == nil)
        #expect(other.context.traceID != outer.context.traceID)
    }
}
