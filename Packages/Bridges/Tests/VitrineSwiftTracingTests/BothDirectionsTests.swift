// SPDX-License-Identifier: MIT OR Apache-2.0

import InMemoryTracing
import Testing
import Tracing
import VitrineObservability
import VitrineObservabilityTesting
import VitrineSwiftTracing

@Suite("swift-distributed-tracing in both directions")
struct BothDirectionsTests {
    private func instant(_ nanoseconds: UInt64) -> DefaultTracerClock.Timestamp {
        DefaultTracerClock.Timestamp(nanosecondsSinceEpoch: nanoseconds)
    }

    @Test("Spans that go through the core come out as they went in")
    func roundTrip() throws {
        let out = InMemoryTracer()
        let tracer = VitrineTracer()
        Telemetry.withSubscriber(SwiftTracingSubscriber(out)) {
            let outer = tracer.startSpan("outer", context: .topLevel, ofKind: .server, at: instant(1_000))
            let inner = tracer.startSpan("inner", context: outer.context, ofKind: .client, at: instant(2_000))
            inner.attributes = ["int": 1, "double": 0.5, "text": "t", "bool": true, "list": .stringArray(["a"])]
            inner.addEvent(SpanEvent(name: "event", at: instant(2_100), attributes: ["n": 1]))
            inner.setStatus(SpanStatus(code: .error, message: "broken"))
            inner.end(at: instant(3_000))
            outer.operationName = "renamed"
            outer.end(at: instant(4_000))
        }
        try #require(out.finishedSpans.count == 2)
        let (inner, outer) = (out.finishedSpans[0], out.finishedSpans[1])
        #expect((inner.operationName, inner.kind) == ("inner", .client))
        #expect(outer.kind == .server)
        #expect(inner.parentSpanID == outer.spanID)
        #expect(outer.parentSpanID == nil)
        #expect(inner.startInstant.nanosecondsSinceEpoch == 2_000)
        #expect(inner.endInstant.nanosecondsSinceEpoch == 3_000)
        #expect(outer.startInstant.nanosecondsSinceEpoch == 1_000)
        #expect(outer.endInstant.nanosecondsSinceEpoch == 4_000)
        #expect(inner.status == SpanStatus(code: .error, message: "broken"))
        for (key, value) in [
            ("int", 1), ("double", 0.5), ("text", "t"), ("bool", true), ("list", .stringArray(["a"])),
        ] as [(String, SpanAttribute)] {
            #expect(inner.attributes.get(key) == value)
        }
        #expect(inner.events.map(\.name) == ["event"])
        #expect(inner.events.map(\.nanosecondsSinceEpoch) == [2_100])
        #expect(inner.events.first?.attributes.get("n") == 1)
        #expect(outer.operationName == "renamed")
    }

    @Test("A core that makes spans of a tracer that leads back to it does not go round")
    func noLoop() {
        let memory = InMemorySubscriber()
        let subscriber = SwiftTracingSubscriber(VitrineTracer())
        Telemetry.withSubscriber(FanOut(subscriber, memory)) {
            VitrineObservability.withSpan("ours") { event("e") }
            VitrineTracer().withSpan("theirs") { $0.addEvent("e") }
        }
        #expect(memory.spans.map(\.metadata.name) == ["ours", "theirs"])
        #expect(memory.events.map(\.message) == ["e", "e"])
        #expect(subscriber.openSpanCount == 0)
    }

    @Test("Spans of 8 threads at once keep their parents, and none stays open")
    func manyTasks() async {
        let out = InMemoryTracer()
        let subscriber = SwiftTracingSubscriber(out)
        await Telemetry.withSubscriber(subscriber) {
            await withTaskGroup(of: Void.self) { group in
                for _ in 0..<8 {
                    group.addTask {
                        for _ in 0..<100 {
                            VitrineObservability.withSpan("outer") { VitrineObservability.withSpan("inner") {} }
                        }
                    }
                }
            }
        }
        let spans = out.finishedSpans
        let outer = Set(spans.filter { $0.operationName == "outer" }.map(\.spanID))
        let parents = spans.filter { $0.operationName == "inner" }.compactMap(\.parentSpanID)
        #expect(outer.count == 800)
        #expect(parents.count == 800)
        #expect(Set(parents) == outer)
        #expect(subscriber.openSpanCount == 0)
    }
}
