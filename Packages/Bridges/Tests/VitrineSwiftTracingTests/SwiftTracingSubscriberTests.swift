// SPDX-License-Identifier: MIT OR Apache-2.0

import InMemoryTracing
import Testing
import Tracing
import VitrineObservability
import VitrineSwiftTracing

@Suite("SwiftTracingSubscriber")
struct SwiftTracingSubscriberTests {
    private let trace = TraceID.random()

    /// The end of a span of the suite's trace, made elsewhere.
    private func record(
        _ name: String, below parent: SpanID? = nil, _ times: ClosedRange<UInt64> = 10...20,
        origin: SpanOrigin = .host, fields: [Field] = []
    ) -> SpanRecord {
        SpanRecord(
            context: SpanContext(traceID: trace, spanID: .random()), parent: parent,
            metadata: Metadata(name: name, target: "t", level: .info, kind: .span, file: "f", line: 3), origin: origin,
            start: Timestamp(nanosecondsSinceEpoch: times.lowerBound),
            end: Timestamp(nanosecondsSinceEpoch: times.upperBound), fields: fields)
    }

    private func finished(_ tracer: InMemoryTracer, _ name: String) throws -> FinishedInMemorySpan {
        let found = tracer.finishedSpans.filter { $0.operationName == name }
        try #require(found.count == 1)
        return found[0]
    }

    @Test("Spans keep name, kind, parent, attributes of their type, level and target")
    func spans() throws {
        let tracer = InMemoryTracer()
        Telemetry.withSubscriber(SwiftTracingSubscriber(tracer, maximumLevel: .debug)) {
            VitrineObservability.withSpan("request", target: "web", kind: .server, [Field("n", 1)]) { span in
                VitrineObservability.withSpan("query", target: "db", level: .debug, kind: .client) {}
                span.add(Field("ratio", 0.5))
                span.add(contentsOf: [Field("ok", true), Field("tags", ["a", "b"]), Field("big", UInt64.max)])
            }
        }
        let request = try finished(tracer, "request")
        let query = try finished(tracer, "query")
        #expect(request.kind == .server)
        #expect(query.kind == .client)
        #expect(request.parentSpanID == nil)
        #expect(query.parentSpanID == request.spanID)
        #expect(query.traceID == request.traceID)
        #expect(request.attributes.get("n") == .int64(1))
        #expect(request.attributes.get("ratio") == .double(0.5))
        #expect(request.attributes.get("ok") == .bool(true))
        #expect(request.attributes.get("tags") == .stringArray(["a", "b"]))
        #expect(request.attributes.get("big") == .string("18446744073709551615"))
        #expect(request.attributes.get("vitrine.level") == "info")
        #expect(request.attributes.get("vitrine.target") == "web")
        #expect(request.attributes.get("vitrine.origin") == nil)
        #expect(query.attributes.get("vitrine.level") == "debug")
        #expect(query.attributes.get("vitrine.target") == "db")
        #expect(request.status == nil)
    }

    @Test("A guest's spans and events keep their own times, and their identifiers as attributes")
    func guestTimes() throws {
        let tracer = InMemoryTracer()
        let call = record("call", 1_000...9_000)
        let guest = record(
            "handle", below: call.context.spanID, 2_000...2_500, origin: .guest, fields: [Field("k", "v")])
        Telemetry.withSubscriber(SwiftTracingSubscriber(tracer)) {
            Telemetry.spanDidStart(call)
            Telemetry.spanDidStart(guest)
            Telemetry.emit(
                EventRecord(
                    context: guest.context, metadata: Metadata(name: "event", target: "g", level: .warn),
                    origin: .guest,
                    time: Timestamp(nanosecondsSinceEpoch: 2_250), message: "halfway", fields: [Field("n", 3)]))
            Telemetry.spanDidEnd(guest)
            Telemetry.spanDidEnd(call)
        }
        let outer = try finished(tracer, "call")
        let inner = try finished(tracer, "handle")
        #expect(outer.startInstant.nanosecondsSinceEpoch == 1_000)
        #expect(outer.endInstant.nanosecondsSinceEpoch == 9_000)
        #expect(inner.startInstant.nanosecondsSinceEpoch == 2_000)
        #expect(inner.endInstant.nanosecondsSinceEpoch == 2_500)
        #expect(inner.parentSpanID == outer.spanID)
        #expect(
            inner.attributes == [
                "k": "v", "vitrine.level": "info", "vitrine.target": "t", "vitrine.origin": "guest",
                "vitrine.trace_id": .string(trace.description),
                "vitrine.span_id": .string(guest.context.spanID.description),
            ])
        #expect(
            inner.events == [
                SpanEvent(
                    name: "halfway", at: DefaultTracerClock.Timestamp(nanosecondsSinceEpoch: 2_250),
                    attributes: ["n": 3, "vitrine.level": "warn", "vitrine.target": "g", "vitrine.origin": "guest"])
            ])
    }

    @Test("A guest cannot take the place of what is known of it")
    func forgedAttributes() throws {
        let tracer = InMemoryTracer()
        let keys = ["vitrine.level", "vitrine.target", "vitrine.origin", "vitrine.trace_id", "vitrine.span_id"]
        let span = record("s", origin: .guest, fields: keys.map { Field($0, "forged") })
        Telemetry.withSubscriber(SwiftTracingSubscriber(tracer)) { Telemetry.spanDidEnd(span) }
        let attributes = try finished(tracer, "s").attributes
        #expect(keys.filter { attributes.get($0) == "forged" } == [])
        #expect(attributes.count == keys.count)
    }

    @Test("An error is the status of each span it leaves, and recorded in the innermost")
    func errors() throws {
        struct Broken: Error {}
        let tracer = InMemoryTracer()
        Telemetry.withSubscriber(SwiftTracingSubscriber(tracer)) {
            try? VitrineObservability.withSpan("outer") { () throws(Broken) in
                try VitrineObservability.withSpan("inner") { () throws(Broken) in throw Broken() }
            }
            VitrineObservability.withSpan("fine") { $0.setOK() }
        }
        let inner = try finished(tracer, "inner")
        let outer = try finished(tracer, "outer")
        #expect(inner.status == SpanStatus(code: .error, message: "Broken()"))
        #expect(outer.status == SpanStatus(code: .error, message: "Broken()"))
        #expect(inner.errors.map { String(describing: $0.error) } == ["Broken()"])
        #expect(inner.errors.first?.attributes.get("exception.type") == "Broken")
        #expect(outer.errors.isEmpty)
        #expect(inner.events.isEmpty)
        #expect(try finished(tracer, "fine").status == SpanStatus(code: .ok))
    }

    @Test("Links lead to the tracer's spans")
    func links() throws {
        let tracer = InMemoryTracer()
        Telemetry.withSubscriber(SwiftTracingSubscriber(tracer)) {
            var message: SpanContext?
            VitrineObservability.withSpan("send") { message = $0.context }
            VitrineObservability.withSpan("batch") { span in
                if let message { span.add(SpanLink(message, [Field("n", 1)])) }
            }
        }
        let link = try #require(try finished(tracer, "batch").links.first)
        #expect(link.context.inMemorySpanContext == (try finished(tracer, "send").spanContext))
        #expect(link.attributes == ["n": 1])
    }

    @Test("A span that ends without its start is made whole")
    func lateSpan() throws {
        let tracer = InMemoryTracer()
        let parent = record("parent", 5...50)
        Telemetry.withSubscriber(SwiftTracingSubscriber(tracer)) {
            Telemetry.spanDidStart(parent)
            Telemetry.spanDidEnd(record("late", below: parent.context.spanID, 10...20))
            Telemetry.spanDidEnd(parent)
        }
        let late = try finished(tracer, "late")
        #expect(late.startInstant.nanosecondsSinceEpoch == 10)
        #expect(late.endInstant.nanosecondsSinceEpoch == 20)
        #expect(late.parentSpanID == (try finished(tracer, "parent").spanID))
    }

    @Test("A child that begins after its parent has ended is still below it")
    func endedParent() throws {
        let tracer = InMemoryTracer()
        let parent = record("parent", 1...2)
        let child = record("child", below: parent.context.spanID, 3...4)
        Telemetry.withSubscriber(SwiftTracingSubscriber(tracer)) {
            for span in [parent, child] {
                Telemetry.spanDidStart(span)
                Telemetry.spanDidEnd(span)
            }
        }
        #expect(try finished(tracer, "child").parentSpanID == (try finished(tracer, "parent").spanID))
    }

    @Test("The contexts of the last 1,024 ended spans are remembered, no more")
    func forgottenParents() throws {
        let tracer = InMemoryTracer()
        let spans = (0...1_024).map { record("span \($0)") }
        Telemetry.withSubscriber(SwiftTracingSubscriber(tracer)) {
            for span in spans {
                Telemetry.spanDidStart(span)
                Telemetry.spanDidEnd(span)
            }
            Telemetry.spanDidEnd(record("of the first", below: spans[0].context.spanID))
            Telemetry.spanDidEnd(record("of the last", below: spans[1_024].context.spanID))
        }
        #expect(try finished(tracer, "of the first").parentSpanID == nil)
        #expect(try finished(tracer, "of the last").parentSpanID == (try finished(tracer, "span 1024").spanID))
    }

    @Test("Beyond the maximum spans are made at their end, and what is lost is counted")
    func maximum() throws {
        let tracer = InMemoryTracer()
        let subscriber = SwiftTracingSubscriber(tracer, maximumOpenSpanCount: 2)
        let spans = [record("a"), record("b"), record("c", 30...40)]
        Telemetry.withSubscriber(subscriber) {
            for span in spans { Telemetry.spanDidStart(span) }
            #expect(subscriber.openSpanCount == 2)
            #expect(tracer.activeSpans.count == 2)
            for span in spans {
                Telemetry.emit(
                    EventRecord(
                        context: span.context, metadata: Metadata(name: "event", target: "t", level: .info), time: .now,
                        message: "in"))
            }
            for span in spans { Telemetry.spanDidEnd(span) }
            Telemetry.spanDidStart(record("d"))
        }
        #expect(subscriber.losses.unopenedSpanCount == 1)
        #expect(subscriber.losses.droppedEventCount == 1)
        #expect(subscriber.openSpanCount == 1)
        #expect(try finished(tracer, "b").events.map(\.name) == ["in"])
        let late = try finished(tracer, "c")
        #expect(late.events.isEmpty)
        #expect(late.startInstant.nanosecondsSinceEpoch == 30)
        #expect(late.endInstant.nanosecondsSinceEpoch == 40)
    }

    @Test("A root of ours is below the span that the application traces by itself")
    func applicationSpan() throws {
        let tracer = InMemoryTracer()
        Telemetry.withSubscriber(SwiftTracingSubscriber(tracer)) {
            tracer.withSpan("application") { _ in
                VitrineObservability.withSpan("ours") {}
            }
        }
        #expect(try finished(tracer, "ours").parentSpanID == (try finished(tracer, "application").spanID))
    }

    @Test("A parent elsewhere is handed to the tracer as a header")
    func remoteParent() throws {
        let tracer = InMemoryTracer()
        let parent = SpanContext(traceID: trace, spanID: .random())
        Telemetry.withSubscriber(SwiftTracingSubscriber(tracer)) {
            VitrineObservability.withSpan("here", parent: .span(parent)) {}
        }
        let carriers = tracer.performedContextExtractions.map { $0.carrier as? [String: String] }
        #expect(carriers == [["traceparent": parent.traceparent]])
        #expect(tracer.finishedSpans.map(\.operationName) == ["here"])
    }

    @Test("Events outside of spans and records above the level make nothing")
    func leftOut() {
        let tracer = InMemoryTracer()
        let subscriber = SwiftTracingSubscriber(tracer)
        Telemetry.withSubscriber(subscriber) {
            event("alone")
            VitrineObservability.withSpan("detail", level: .debug) {}
        }
        #expect(tracer.finishedSpans.isEmpty)
        #expect(subscriber.losses.unopenedSpanCount == 0)
        #expect(subscriber.losses.droppedEventCount == 0)
    }

    @Test("A flush flushes the tracer")
    func flush() {
        let tracer = InMemoryTracer()
        SwiftTracingSubscriber(tracer).flush()
        #expect(tracer.numberOfForceFlushes == 1)
    }
}
