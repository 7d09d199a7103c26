// SPDX-License-Identifier: MIT OR Apache-2.0

import InMemoryLogging
import Logging
import Testing
import VitrineObservability
import VitrineObservabilityTesting
import VitrineSwiftLog

@Suite("swift-log in both directions")
struct BothDirectionsTests {
    @Test("A record that goes through the core comes out as it went in", arguments: Logger.Level.allCases)
    func roundTrip(_ level: Logger.Level) throws {
        let out = RecordingLogHandler()
        let logger = Logger(label: "app") { VitrineLogHandler(label: $0) }
        let metadata: Logger.Metadata = ["n": .stringConvertible(3), "text": "t", "list": ["a", "b"]]
        Telemetry.withSubscriber(SwiftLogSubscriber(Logger(label: "out") { _ in out })) {
            logger.log(
                level: level, "message", metadata: metadata, source: "Source", file: "Source/File.swift",
                function: "f()",
                line: 9)
        }
        let event = try #require(out.store.events.first)
        #expect(out.store.events.count == 1)
        #expect(event.level == level)
        #expect(event.message == "message")
        #expect(event.metadata == metadata)
        #expect((event.source, event.file, event.function, event.line) == ("Source", "Source/File.swift", "f()", 9))
    }

    @Test("A core that writes to a handler that leads back to it does not go round")
    func noLoop() {
        let memory = InMemoryLogHandler()
        let back = Logger(label: "loop") { MultiplexLogHandler([VitrineLogHandler(label: $0), memory]) }
        let application = Logger(label: "app") { VitrineLogHandler(label: $0) }
        let counting = InMemorySubscriber()
        Telemetry.withSubscriber(FanOut(SwiftLogSubscriber(back), counting)) {
            application.info("once")
            event("twice")
            withSpan("span") {}
        }
        // The level that a multiplexed handler has inside of a subscriber is that of the other one.
        #expect(memory.entries.map(\.message.description) == ["once", "twice", "-> span", "<- span"])
        #expect(counting.events.map(\.message) == ["once", "twice"])
    }

    @Test("A subscriber that logs is not told what it logs, and evaluates none of it")
    func chattySubscriber() {
        let chatty = LoggingSubscriber()
        Telemetry.withSubscriber(chatty) {
            chatty.logger.info("outside")
            event("another")
        }
        #expect(chatty.memory.events.map(\.message) == ["outside", "another"])
    }

    @Test("Loggers of other handlers get the identifiers of the span they are used in")
    func metadataProvider() throws {
        let memory = InMemoryLogHandler()
        let subscriber = InMemorySubscriber()
        let logger = Logger(label: "app") { _ in
            var handler = memory
            handler.metadataProvider = .vitrine
            return handler
        }
        Telemetry.withSubscriber(subscriber) {
            logger.info("outside")
            withSpan("work") { logger.info("inside") }
        }
        let span = try #require(subscriber.span(named: "work")).context
        #expect(
            memory.entries.map(\.metadata) == [
                [:], ["trace_id": .string(span.traceID.description), "span_id": .string(span.spanID.description)],
            ])
    }

    @Test("Identifiers that a provider adds are not repeated in events")
    func providedIdentifiers() throws {
        let memory = InMemorySubscriber()
        let logger = Logger(label: "app") { VitrineLogHandler(label: $0, metadataProvider: .vitrine) }
        Telemetry.withSubscriber(memory) {
            withSpan("work") {
                logger.log(level: .info, "in", metadata: nil, source: "app", file: "", function: "", line: 0)
            }
        }
        let event = try #require(memory.events.first)
        #expect(event.context != nil)
        #expect(event.fields == [])
    }
}

/// Logs at each event by a logger that leads back to the core.
private struct LoggingSubscriber: Subscriber {
    let memory = InMemorySubscriber()
    let logger = Logger(label: "chatty") { VitrineLogHandler(label: $0) }
    var maximumLevel: Level { .trace }
    var needs: SubscriberNeeds { [] }
    func spanDidStart(_ span: borrowing SpanView) {}
    func spanDidEnd(_ span: borrowing SpanView) {}
    func eventDidOccur(_ event: borrowing EventView) {
        memory.eventDidOccur(event)
        logger.info("\(evaluated())")
    }
    func flush() {}

    private func evaluated() -> String {
        Issue.record("evaluated inside of a subscriber")
        return ""
    }
}
