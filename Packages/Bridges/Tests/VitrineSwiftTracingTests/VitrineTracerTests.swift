// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import Tracing
import VitrineObservability
import VitrineObservabilityTesting
import VitrineSwiftTracing

@Suite("VitrineTracer")
struct VitrineTracerTests {
    private struct Broken: Error {}

    private func instant(_ nanoseconds: UInt64) -> DefaultTracerClock.Timestamp {
        DefaultTracerClock.Timestamp(nanosecondsSinceEpoch: nanoseconds)
    }

    /// What subscribers see of the work, done with a tracer of any type.
    private func recorded(
        _ level: Level = .info, maximumLevel: Level = .trace, _ body: (any Tracer) throws -> Void
    ) rethrows -> InMemorySubscriber {
        let memory = InMemorySubscriber(maximumLevel: maximumLevel)
        try Telemetry.withSubscriber(memory) { try body(VitrineTracer(level: level)) }
        return memory
    }

    @Test(
        "A span has the name, kind, place and times it is given",
        arguments: [
            (Tracing.SpanKind.internal, VitrineObservability.SpanKind.internal), (.server, .server), (.client, .client),
            (.producer, .producer), (.consumer, .consumer),
        ])
    func spans(_ theirs: Tracing.SpanKind, _ ours: VitrineObservability.SpanKind) throws {
        let memory = recorded(.debug) { tracer in
            let span = tracer.startSpan(
                "request", context: .topLevel, ofKind: theirs, at: instant(100), function: "f()", file: "Shop/A.swift",
                line: 7)
            span.end(at: instant(350))
        }
        let span = try #require(memory.span(named: "request"))
        #expect(
            span.metadata
                == Metadata(name: "request", target: "Shop", level: .debug, kind: .span, file: "Shop/A.swift", line: 7))
        #expect(span.kind == ours)
        #expect(span.start == Timestamp(nanosecondsSinceEpoch: 100))
        #expect(span.end == Timestamp(nanosecondsSinceEpoch: 350))
        #expect(span.parent == nil)
        #expect(span.status == .unset)
        #expect(memory.startedSpans.map(\.context) == [span.context])
        #expect(memory.startedSpans.first?.end == nil)
    }

    @Test("A name and attributes that change count as they are at the end")
    func changes() throws {
        let memory = recorded { tracer in
            tracer.withSpan("GET") { span in
                span.operationName = "GET /items"
                span.attributes["z"] = 1
                span.updateAttributes { attributes in
                    attributes["a"] = "text"
                    attributes["z"] = 2
                    attributes["list"] = [1.5, 2.5]
                    attributes["small"] = Int32(7)
                    attributes["flags"] = [true]
                    attributes["names"] = ["x"]
                    attributes.set("shown", value: .stringConvertible(1...2))
                }
                #expect(span.operationName == "GET /items")
                #expect(span.attributes.get("z") == .int64(2))
            }
        }
        #expect(memory.startedSpans.map(\.metadata.name) == ["GET"])
        let span = try #require(memory.span(named: "GET /items"))
        #expect(
            span.fields == [
                Field("a", "text"), Field("flags", [true]), Field("list", [1.5, 2.5]), Field("names", ["x"]),
                Field("shown", "1...2"), Field("small", 7), Field("z", 2),
            ])
    }

    @Test("Events are events of the span, with their times and attributes")
    func events() throws {
        let memory = recorded(.warn) { tracer in
            tracer.withSpan("work") { span in
                span.addEvent(SpanEvent(name: "cached", at: instant(5), attributes: ["hits": 3]))
            }
        }
        let event = try #require(memory.events.first)
        #expect(event.context == memory.span(named: "work")?.context)
        #expect(event.metadata.name == "event")
        #expect(event.metadata.level == .warn)
        #expect(event.metadata.kind == .event)
        #expect(event.message == "cached")
        #expect(event.time == Timestamp(nanosecondsSinceEpoch: 5))
        #expect(event.fields == [Field("hits", 3)])
    }

    @Test("A thrown error is an event and the status, which says what it said")
    func thrownErrors() throws {
        let memory = recorded { tracer in
            #expect(throws: Broken.self) { try tracer.withSpan("work") { _ in throw Broken() } }
        }
        let span = try #require(memory.span(named: "work"))
        #expect(span.status == .error("Broken()"))
        let event = try #require(memory.events.first)
        #expect(memory.events.count == 1)
        #expect(event.metadata.name == "exception")
        #expect(event.metadata.level == .error)
        #expect(event.message == "Broken()")
        #expect(event.fields == [Field("exception.type", "Broken")])
        #expect(event.context == span.context)
    }

    @Test("A recorded error has its time and attributes, and alone is no status")
    func recordedErrors() throws {
        let memory = recorded { tracer in
            tracer.withSpan("work") { $0.recordError(Broken(), attributes: ["try": 2], at: instant(9)) }
        }
        #expect(memory.span(named: "work")?.status == .unset)
        #expect(memory.events.map(\.time) == [Timestamp(nanosecondsSinceEpoch: 9)])
        #expect(memory.events.first?.fields == [Field("exception.type", "Broken"), Field("try", 2)])
    }

    @Test("The last status counts")
    func status() {
        let memory = recorded { tracer in
            tracer.withSpan("work") { span in
                span.setStatus(SpanStatus(code: .ok))
                span.setStatus(SpanStatus(code: .error, message: "late"))
            }
            tracer.withSpan("fine") { $0.setStatus(SpanStatus(code: .ok)) }
        }
        #expect(memory.span(named: "work")?.status == .error("late"))
        #expect(memory.span(named: "fine")?.status == .ok)
    }

    @Test("Links to spans of ours are kept, others left out")
    func links() throws {
        let memory = recorded { tracer in
            let other = tracer.startSpan("other", context: .topLevel)
            other.end()
            tracer.withSpan("batch") { span in
                span.addLink(SpanLink(context: other.context, attributes: ["n": 1]))
                span.addLink(SpanLink(context: .topLevel, attributes: [:]))
            }
        }
        let other = try #require(memory.span(named: "other"))
        #expect(memory.span(named: "batch")?.links == [VitrineObservability.SpanLink(other.context, [Field("n", 1)])])
    }

    @Test("After its end a span takes nothing more, and ends once")
    func afterEnd() throws {
        let memory = recorded { tracer in
            let span = tracer.startSpan("work", context: .topLevel, at: instant(50))
            #expect(span.isRecording)
            span.end(at: instant(20))
            #expect(!span.isRecording)
            span.operationName = "other"
            span.attributes["a"] = 1
            span.addEvent("late")
            span.recordError(Broken())
            span.setStatus(SpanStatus(code: .ok))
            span.end(at: instant(90))
        }
        #expect(memory.spans.count == 1)
        let span = try #require(memory.span(named: "work"))
        #expect(span.end == span.start)
        #expect(span.fields == [])
        #expect(span.status == .unset)
        #expect(memory.events == [])
    }

    @Test("A span that nobody wants is not recorded, and hands on its parent")
    func unwanted() throws {
        let memory = recorded(.debug, maximumLevel: .info) { tracer in
            let parent = SpanContext(traceID: .random(), spanID: .random())
            var context = ServiceContext.topLevel
            context.vitrineSpanContext = parent
            let span = tracer.startSpan("detail", context: context)
            span.attributes["a"] = 1
            span.addEvent("e")
            #expect(!span.isRecording)
            #expect(span.context.vitrineSpanContext == parent)
            span.end()
        }
        #expect(memory.spans == [])
        #expect(memory.startedSpans == [])
        #expect(memory.events == [])
    }

    @Test("A span whose target nobody wants is not recorded")
    func unwantedTarget() throws {
        let subscriber = OneTarget(target: "web")
        Telemetry.withSubscriber(subscriber) {
            VitrineTracer(target: "web").withSpan("outer") { outer in
                VitrineTracer(target: "db").withSpan("inner") { inner in
                    #expect(!inner.isRecording)
                    #expect(inner.context.vitrineSpanContext == outer.context.vitrineSpanContext)
                    VitrineTracer(target: "web").withSpan("innermost") { _ in }
                }
            }
        }
        #expect(subscriber.memory.spans.map { subscriber.memory.path(of: $0) } == [["outer", "innermost"], ["outer"]])
    }

    @Test("Target and level can be chosen")
    func chosenTarget() {
        let memory = InMemorySubscriber()
        Telemetry.withSubscriber(memory) {
            VitrineTracer(target: "web", level: .trace).withSpan("s") { _ in }
        }
        #expect(memory.spans.map(\.metadata.target) == ["web"])
        #expect(memory.spans.map(\.metadata.level) == [.trace])
    }
}

/// Wants the spans of one target.
private struct OneTarget: SelectiveSubscriber {
    let target: String
    let memory = InMemorySubscriber()
    var maximumLevel: Level { .trace }
    var needs: SubscriberNeeds { memory.needs }
    func interest(in metadata: Metadata) -> Interest { metadata.target == target ? .always : .never }
    func isEnabled(_ metadata: Metadata, in context: SpanContext?) -> Bool { metadata.target == target }
    func spanDidStart(_ span: borrowing SpanView) { memory.spanDidStart(span) }
    func spanDidEnd(_ span: borrowing SpanView) { memory.spanDidEnd(span) }
    func eventDidOccur(_ event: borrowing EventView) { memory.eventDidOccur(event) }
    func flush() {}
}
