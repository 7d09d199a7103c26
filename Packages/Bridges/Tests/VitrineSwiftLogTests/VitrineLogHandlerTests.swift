// SPDX-License-Identifier: MIT OR Apache-2.0

import Logging
import Testing
import VitrineObservability
import VitrineObservabilityTesting
import VitrineSwiftLog

@Suite("VitrineLogHandler")
struct VitrineLogHandlerTests {
    private struct Broken: Error, CustomStringConvertible {
        let description = "broken pipe"
    }

    private func logger(_ label: String = "app.db", level: Logger.Level = .trace) -> Logger {
        Logger(label: label) { VitrineLogHandler(label: $0, level: level) }
    }

    @Test("A record becomes an event of the current span with its label, level, message and place")
    func wholeRecord() throws {
        let memory = InMemorySubscriber()
        Telemetry.withSubscriber(memory) {
            withSpan("query") {
                logger().log(
                    level: .warning, "slow \(1 + 1)", metadata: ["rows": .stringConvertible(40)], source: "Pool",
                    file: "Pool/Query.swift", function: "run()", line: 17)
            }
        }
        let event = try #require(memory.events.first)
        #expect(memory.events.count == 1)
        #expect(event.context == memory.span(named: "query")?.context)
        #expect(
            event.metadata
                == Metadata(name: "event", target: "app.db", level: .warn, file: "Pool/Query.swift", line: 17))
        #expect(event.message == "slow 2")
        #expect(event.origin == .host)
        #expect(
            event.fields == [
                Field("rows", 40), Field("log.source", "Pool"), Field("code.function.name", "run()"),
            ])
    }

    @Test(
        "Notice and critical leave their names in a field",
        arguments: [
            (Logger.Level.notice, Level.info, "notice"), (.critical, .error, "critical"),
        ])
    func unlistedLevels(_ theirs: Logger.Level, _ ours: Level, _ name: String) throws {
        let memory = InMemorySubscriber()
        Telemetry.withSubscriber(memory) { logger().log(level: theirs, "what") }
        let event = try #require(memory.events.first)
        #expect(event.metadata.level == ours)
        #expect(event.fields.contains(Field("log.level", name)))
    }

    @Test("An error of a record becomes two fields")
    func errors() throws {
        let memory = InMemorySubscriber()
        Telemetry.withSubscriber(memory) { logger().error("no answer", error: Broken()) }
        let fields = try #require(memory.events.first).fields
        #expect(fields.contains(Field("exception.type", "Broken")))
        #expect(fields.contains(Field("exception.message", "broken pipe")))
    }

    @Test("Metadata of the logger, its provider and the record meet in this order")
    func metadataMerged() throws {
        let memory = InMemorySubscriber()
        var logger = Logger(label: "app") { label in
            VitrineLogHandler(label: label, metadataProvider: .init { ["a": "provider", "b": "provider"] })
        }
        logger[metadataKey: "a"] = "logger"
        logger[metadataKey: "c"] = "logger"
        Telemetry.withSubscriber(memory) { logger.info("hi", metadata: ["b": "record"], source: "app") }
        let fields = try #require(memory.events.first).fields
        #expect(fields.prefix(3) == [Field("a", "provider"), Field("b", "record"), Field("c", "logger")])
    }

    @Test(
        "The level of a handler is the most verbose one that a subscriber wants",
        arguments: [
            (Level.trace, Logger.Level.trace), (.debug, .debug), (.info, .info), (.warn, .warning), (.error, .error),
            (.off, .critical),
        ])
    func followsTelemetry(_ wanted: Level, _ level: Logger.Level) {
        Telemetry.withSubscriber(InMemorySubscriber(maximumLevel: wanted)) {
            #expect(logger().logLevel == level)
        }
    }

    @Test("A level that was set holds where subscribers want more", arguments: Logger.Level.allCases)
    func ownLevel(_ level: Logger.Level) {
        var logger = logger()
        logger.logLevel = level
        Telemetry.withSubscriber(InMemorySubscriber()) { #expect(logger.logLevel == level) }
        let memory = InMemorySubscriber(maximumLevel: .warn)
        Telemetry.withSubscriber(memory) { #expect(logger.logLevel == max(level, .warning)) }
    }

    @Test("What no subscriber wants is not evaluated")
    func lazy() {
        let memory = InMemorySubscriber(maximumLevel: .info)
        var evaluated: [String] = []
        func text(_ text: String) -> Logger.Message {
            evaluated.append(text)
            return Logger.Message(stringLiteral: text)
        }
        Telemetry.withSubscriber(memory) {
            logger().debug(text("debug"))
            logger().info(text("info"))
        }
        #expect(evaluated == ["info"])
        #expect(memory.events.map(\.message) == ["info"])
    }

    @Test("A subscriber that wants one label is not asked to bear the others")
    func labels() {
        let memory = OneTarget(target: "app.db")
        Telemetry.withSubscriber(memory) {
            #expect(logger("app.db").logLevel == .trace)
            #expect(logger("app.web").logLevel == .critical)
            logger("app.db").debug("yes")
            logger("app.web").debug("no")
            logger("app.web").critical("no")
        }
        #expect(memory.memory.events.map(\.message) == ["yes"])
    }

    @Test("Another notion of the current span is used for level and record")
    func otherSpan() throws {
        let context = SpanContext(traceID: .random(), spanID: .random())
        let memory = InMemorySubscriber()
        let logger = Logger(label: "app") { VitrineLogHandler(label: $0, currentSpan: { context }) }
        Telemetry.withSubscriber(memory) { logger.info("there") }
        #expect(memory.events.map(\.context) == [context])
    }
}

/// Wants the events of one target.
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
