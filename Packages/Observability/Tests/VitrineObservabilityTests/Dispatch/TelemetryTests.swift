// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineObservability
import VitrineObservabilityTesting

@Suite("Telemetry")
struct TelemetryTests {
    @Test("evaluates nothing below the level")
    func disabled() {
        let memory = InMemorySubscriber(maximumLevel: .info)
        var evaluated = 0
        func count() -> InlineArray<1, Field> {
            evaluated += 1
            return [Field("n", evaluated)]
        }
        Telemetry.withSubscriber(memory) {
            withSpan("a", level: .debug, count()) { span in
                #expect(span.context == nil)
                #expect(SpanContext.current == nil)
                span.add(count()[0])
                span.setError(count()[0].key)
            }
            withSpan("b", level: .off, count()) {}
            event(count()[0].key, level: .trace, count())
            event(count()[0].key, level: .off, count())
            let manual = Span("c", level: .trace, count())
            manual.end()
            #expect(!Telemetry.isEnabled(.debug))
            #expect(!Telemetry.isEnabled(.off))
            #expect(Telemetry.isEnabled(.info))
        }
        #expect(evaluated == 0)
        #expect(memory.startedSpans.isEmpty && memory.events.isEmpty)
    }

    @Test("a scope inside a scope wins and ends with it")
    func scopes() {
        let outer = InMemorySubscriber()
        let inner = InMemorySubscriber(maximumLevel: .error)
        Telemetry.withSubscriber(outer) {
            event("1")
            Telemetry.withSubscriber(inner) {
                #expect(!Telemetry.isEnabled(.info))
                event("2")
                event("3", level: .error)
            }
            event("4")
        }
        #expect(outer.events.map(\.message) == ["1", "4"])
        #expect(inner.events.map(\.message) == ["3"])
    }

    @Test("a scope passes a typed error through")
    func scopeError() async {
        struct Failure: Error, Equatable { let code: Int }
        let memory = InMemorySubscriber()
        #expect(throws: Failure(code: 1)) {
            try Telemetry.withSubscriber(memory) { () throws(Failure) in throw Failure(code: 1) }
        }
        await #expect(throws: Failure(code: 2)) {
            try await Telemetry.withSubscriber(memory) { () async throws(Failure) in throw Failure(code: 2) }
        }
    }

    @Test("forwards records made elsewhere with their own identity and times")
    func forwarding() {
        let memory = InMemorySubscriber(maximumLevel: .info)
        let metadata = Metadata(name: "add", target: "guest", level: .info)
        let hidden = Metadata(name: "add", target: "guest", level: .trace)
        let context = SpanContext(traceID: .random(), spanID: .random())
        let start = Timestamp(nanosecondsSinceEpoch: 5)
        var record = SpanRecord(context: context, parent: nil, metadata: metadata, origin: .guest, start: start)
        let event = EventRecord(context: context, metadata: metadata, origin: .guest, time: start, message: "m")
        Telemetry.withSubscriber(memory) {
            Telemetry.spanDidStart(record)
            Telemetry.emit(event)
            Telemetry.emit(
                EventRecord(context: nil, metadata: hidden, origin: .guest, time: start, message: "hidden"))
            record.end = Timestamp(nanosecondsSinceEpoch: 9)
            Telemetry.spanDidEnd(record)
        }
        #expect(memory.spans == [record])
        #expect(memory.spans.first?.durationNanoseconds == 4)
        #expect(memory.events == [event])
    }

    @Test("a subscriber that emits does not call itself")
    func recursion() {
        let chatty = ChattySubscriber()
        Telemetry.withSubscriber(chatty) {
            withSpan("a") { event("b") }
        }
        #expect(chatty.callCount == 3)
    }
}
