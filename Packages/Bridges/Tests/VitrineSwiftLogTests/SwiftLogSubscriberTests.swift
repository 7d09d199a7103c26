// SPDX-License-Identifier: MIT OR Apache-2.0

import InMemoryLogging
import Logging
import Testing
import VitrineObservability
import VitrineSwiftLog

@Suite("SwiftLogSubscriber")
struct SwiftLogSubscriberTests {
    private let context = SpanContext(
        traceID: TraceID("0af7651916cd43dd8448eb211c80319c") ?? .random(),
        spanID: SpanID("b7ad6b7169203331") ?? .random())

    private func memory(_ level: Logger.Level = .trace) -> (Logger, InMemoryLogHandler) {
        var handler = InMemoryLogHandler()
        handler.logLevel = level
        return (Logger(label: "memory") { _ in handler }, handler)
    }

    @Test(
        "An event becomes a record with its level, message, fields and span",
        arguments: [
            (Level.error, Logger.Level.error), (.warn, .warning), (.info, .info), (.debug, .debug), (.trace, .trace),
        ])
    func events(_ level: Level, _ theirs: Logger.Level) {
        let (logger, handler) = memory()
        SwiftLogSubscriber(logger).eventDidOccur(
            EventRecord(
                context: context, metadata: Metadata(name: "event", target: "app", level: level),
                time: Timestamp(nanosecondsSinceEpoch: 5), message: "hello", fields: [Field("n", 1)]))
        #expect(
            handler.entries == [
                .init(
                    level: theirs, message: "hello",
                    metadata: [
                        "n": .stringConvertible(1), "trace_id": "0af7651916cd43dd8448eb211c80319c",
                        "span_id": "b7ad6b7169203331",
                    ])
            ])
    }

    @Test("Target, file and line become source, file and line")
    func places() throws {
        let out = RecordingLogHandler()
        Telemetry.withSubscriber(SwiftLogSubscriber(Logger(label: "x") { _ in out })) {
            event("here", target: "shop", file: "Shop/Order.swift", line: 12)
            event("there", file: "Shop/Order.swift", line: 13)
        }
        let events = out.store.events
        try #require(events.count == 2)
        #expect((events[0].source, events[0].file, events[0].line) == ("shop", "Shop/Order.swift", 12))
        #expect((events[1].source, events[1].file, events[1].line) == ("Shop", "Shop/Order.swift", 13))
        #expect(events[0].metadata == nil)
    }

    @Test("A span makes a record at its start and one at its end, with duration and error")
    func spans() throws {
        let (logger, handler) = memory()
        let subscriber = SwiftLogSubscriber(logger)
        var span = SpanRecord(
            context: context, parent: nil,
            metadata: Metadata(name: "order", target: "shop", level: .debug, kind: .span),
            start: Timestamp(nanosecondsSinceEpoch: 1_000), fields: [Field("n", 1)])
        subscriber.spanDidStart(span)
        span.end = Timestamp(nanosecondsSinceEpoch: 1_750)
        span.fields.append(Field("price", 2.5))
        span.status = .error("sold out")
        subscriber.spanDidEnd(span)
        let identity: Logger.Metadata = [
            "trace_id": .string(context.traceID.description), "span_id": .string(context.spanID.description),
        ]
        #expect(
            handler.entries == [
                .init(
                    level: .debug, message: "-> order",
                    metadata: identity.merging(["n": .stringConvertible(1)]) { $1 }),
                .init(
                    level: .debug, message: "<- order",
                    metadata: identity.merging([
                        "n": .stringConvertible(1), "price": .stringConvertible(2.5),
                        "duration_ns": .stringConvertible(750), "error": "sold out",
                    ]) { $1 }),
            ])
    }

    @Test(
        "Spans make as many records as they are told to",
        arguments: [
            (SwiftLogSubscriber.SpanRecords.none, ["inside"]), (.ends, ["inside", "<- work"]),
            (.startsAndEnds, ["-> work", "inside", "<- work"]),
        ])
    func spanRecords(_ spans: SwiftLogSubscriber.SpanRecords, _ messages: [String]) {
        let (logger, handler) = memory()
        Telemetry.withSubscriber(SwiftLogSubscriber(logger, spans: spans)) {
            withSpan("work") { event("inside") }
        }
        #expect(handler.entries.map(\.message.description) == messages)
    }

    @Test("A thrown error is one record of its own name, and the span tells of it")
    func thrownErrors() throws {
        struct Broken: Error {}
        let (logger, handler) = memory()
        Telemetry.withSubscriber(SwiftLogSubscriber(logger, spans: .ends)) {
            try? withSpan("outer") { () throws(Broken) in try withSpan("inner") { () throws(Broken) in throw Broken() }
            }
        }
        #expect(handler.entries.map(\.message.description) == ["Broken()", "<- inner", "<- outer"])
        #expect(handler.entries.map(\.level) == [.error, .info, .info])
        #expect(handler.entries.first?.metadata["event.name"] == "exception")
        #expect(handler.entries.first?.metadata["exception.type"] == "Broken")
        #expect(handler.entries.last?.metadata["error"] == "Broken()")
    }

    @Test("A handler gets what its level lets through, and the rest is not evaluated")
    func levels() {
        let (logger, handler) = memory(.warning)
        let subscriber = SwiftLogSubscriber(logger)
        #expect(subscriber.maximumLevel == .warn)
        var evaluated = 0
        func text(_ text: String) -> String {
            evaluated += 1
            return text
        }
        Telemetry.withSubscriber(subscriber) {
            event(text("quiet"), level: .info)
            event(text("loud"), level: .warn)
        }
        #expect(evaluated == 1)
        #expect(handler.entries.map(\.message) == ["loud"])
    }

    @Test("Each target has a handler of its label, with a level of its own")
    func handlersByTarget() {
        let memories = ["a": InMemoryLogHandler(), "b": InMemoryLogHandler()]
        let subscriber = SwiftLogSubscriber(maximumLevel: .trace) { label in
            var handler = memories[label] ?? InMemoryLogHandler()
            handler.logLevel = label == "a" ? .trace : .error
            return handler
        }
        Telemetry.withSubscriber(subscriber) {
            event("one", target: "a", level: .debug)
            event("two", target: "b", level: .debug)
            event("three", target: "b", level: .error)
        }
        #expect(memories["a"]?.entries.map(\.message) == ["one"])
        #expect(memories["b"]?.entries.map(\.message) == ["three"])
    }

    @Test("Beyond 256 targets all share one handler, and none is forgotten")
    func manyTargets() {
        let made = RecordingLogHandler.Store()
        let out = RecordingLogHandler()
        let subscriber = SwiftLogSubscriber(maximumLevel: .trace) { label in
            made.append(
                LogEvent(
                    level: .info, message: Logger.Message(stringLiteral: label), metadata: nil, source: nil, file: "",
                    function: "", line: 0))
            return out
        }
        for number in 0..<300 {
            subscriber.eventDidOccur(
                EventRecord(
                    context: nil, metadata: Metadata(name: "event", target: "t\(number)", level: .info), time: .now,
                    message: "m"))
        }
        #expect(made.events.count == SwiftLogSubscriber.maximumTargetCount + 1)
        #expect(made.events.last?.message == "other")
        #expect(out.store.events.map(\.source) == (0..<300).map { "t\($0)" })
    }
}
