// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Testing
import VitrineObservability
import VitrineObservabilityTesting

/// What a span keeps is used again by later ones: nothing of one may show in another.
@Suite("Storage of spans")
struct SpanStorageTests {
    private let memory = InMemorySubscriber()

    @Test("leaves nothing of an ended span in the next one")
    func noRemains() throws {
        try Telemetry.withSubscriber(memory) {
            let other = SpanContext(traceID: .random(), spanID: .random())
            var rich = Span("rich", kind: .server, [Field("a", 1), Field("b", "a text longer than fifteen bytes")])
            rich.add(Field("c", [1.5, 2.5]))
            rich.add(contentsOf: (0..<100).map { Field("k\($0)", $0) })
            rich.add(SpanLink(other, [Field("why", "batch")]))
            rich.setError("failed")
            rich.end()
            let poor = Span("poor")
            poor.end()
            var fine = Span("fine", kind: .client)
            fine.setOK()
            fine.end()
            let first = try #require(memory.span(named: "rich"))
            #expect(first.kind == .server)
            #expect(first.fields.count == 103)
            #expect(
                first.fields.prefix(3) == [
                    Field("a", 1), Field("b", "a text longer than fifteen bytes"), Field("c", .doubles([1.5, 2.5])),
                ])
            #expect(first.fields.last == Field("k99", 99))
            #expect(first.links == [SpanLink(other, [Field("why", "batch")])])
            #expect(first.status == .error("failed"))
            let second = try #require(memory.span(named: "poor"))
            #expect(second.fields.isEmpty && second.links.isEmpty)
            #expect(second.status == .unset && second.kind == .internal && second.parent == nil)
            #expect(second.context.traceID != first.context.traceID)
            let third = try #require(memory.span(named: "fine"))
            #expect(third.status == .ok && third.kind == .client && third.fields.isEmpty)
        }
    }

    @Test("is of one span at a time, however deep they nest, and whatever makes their fields")
    func nesting() throws {
        Telemetry.withSubscriber(memory) {
            func nest(_ depth: Int) {
                guard depth > 0 else { return }
                withSpan("level", [Field("depth", depth)]) { nest(depth - 1) }
            }
            nest(100)
            // A field whose value makes a span of its own while the outer one is being made.
            func costly() -> Int {
                withSpan("inner", [Field("x", 1)]) {}
                return 42
            }
            withSpan("outer", [Field("first", 7), Field("second", costly())]) {}
        }
        #expect(memory.spans(named: "level").map(\.fields) == (1...100).map { [Field("depth", $0)] })
        #expect(memory.span(named: "outer")?.fields == [Field("first", 7), Field("second", 42)])
        #expect(memory.span(named: "inner")?.fields == [Field("x", 1)])
    }

    @Test("goes along when a span ends on another thread")
    func otherThread() async throws {
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<64 {
                group.addTask {
                    await Telemetry.withSubscriber(memory) {
                        let span = Span("wanderer", [Field("index", index)])
                        await Task.yield()
                        await withSpan("inside", parent: span.context.map { .span($0) } ?? .root) { await Task.yield() }
                        span.end()
                    }
                }
            }
        }
        let wanderers = memory.spans(named: "wanderer")
        #expect(Set(wanderers.flatMap(\.fields)) == Set((0..<64).map { Field("index", $0) }))
        #expect(wanderers.allSatisfy { memory.children(of: $0).map(\.metadata.name) == ["inside"] })
    }

    @Test("of fields holds every kind of value")
    func values() {
        Telemetry.withSubscriber(memory) {
            event(
                "all",
                [
                    Field("bool", true), Field("int", -1), Field("uint", UInt64.max), Field("double", 0.5),
                    Field("string", "s"), Field("bools", [true, false]), Field("ints", [1, 2]),
                    Field("doubles", [0.5]), Field("strings", ["a", "b"]),
                ])
            event("counted", fields: (0..<20).map { Field("n\($0)", $0) })
        }
        #expect(
            memory.events[0].fields.map(\.value) == [
                .bool(true), .int64(-1), .uint64(.max), .double(0.5), .string("s"), .bools([true, false]),
                .int64s([1, 2]), .doubles([0.5]), .strings(["a", "b"]),
            ])
        #expect(
            memory.events[0].fields.map(\.description)[5...7] == ["bools=[true,false]", "ints=[1,2]", "doubles=[0.5]"])
        #expect(memory.events[1].fields.count == 20)
    }

    @Test("tells patterns of spans apart")
    func patterns() {
        Telemetry.withSubscriber(memory) {
            withSpan("call", [Field("function", "add")]) {
                withSpan("guest", level: .debug) { event("added") }
                withSpan("host") {}
            }
        }
        let right = SpanPattern(
            "call", fields: [Field("function", "add")],
            [
                SpanPattern("guest", level: .debug, events: ["added"], status: .unset),
                SpanPattern("host", origin: .host),
            ])
        #expect(memory.mismatch([right]) == nil)
        var wrong = right
        wrong.children?[0].events = ["subtracted"]
        #expect(
            memory.mismatch([wrong]) == #"call > guest: events expected ["subtracted"], found ["added"]"#)
        wrong = right
        wrong.children?.removeLast()
        #expect(memory.mismatch([wrong]) == #"call: spans expected ["guest"], found ["guest", "host"]"#)
        wrong.children = nil
        #expect(memory.mismatch([wrong]) == nil)
        #expect(memory.mismatch([]) == #"at the top: spans expected [], found ["call"]"#)
    }
}
