// SPDX-License-Identifier: MIT OR Apache-2.0

import InMemoryLogging
import Logging
import Testing
import VitrineObservability
import VitrineSwiftLog

extension ProcessWide {
    @Suite("swift-log as the log of the process")
    struct InstalledLogTests {
        @Test("Without a subscriber and a log a handler of ours lets only critical be evaluated")
        func nobody() {
            let logger = Logger(label: "app") { VitrineLogHandler(label: $0) }
            #expect(logger.logLevel == .critical)
            logger.error("not evaluated: \(Issue.record("evaluated"))")
            logger.critical("dropped")
        }

        @Test("Without a subscriber spans and events are records of the installed log")
        func fallback() {
            let memory = InMemoryLogHandler()
            Telemetry.installLog(SwiftLogSubscriber(Logger(label: "log") { _ in memory }))
            withSpan("work", target: "installation") { event("inside", target: "installation") }
            Telemetry.flush()
            Telemetry.installLog(SwiftLogSubscriber(Logger(label: "log") { _ in memory }, spans: .none))
            withSpan("unseen", target: "installation") { event("alone", target: "installation") }
            Telemetry.installLog(nil)
            withSpan("later", target: "installation") {}
            #expect(memory.entries.map(\.message.description) == ["-> work", "inside", "<- work", "alone"])
        }

        @Test("The installed log takes records of application loggers")
        func applicationLog() {
            let memory = InMemoryLogHandler()
            Telemetry.installLog(SwiftLogSubscriber(Logger(label: "log") { _ in memory }))
            Logger(label: "installation") { VitrineLogHandler(label: $0) }.notice("hello")
            Telemetry.installLog(nil)
            #expect(memory.entries.map(\.level) == [.notice])
            #expect(memory.entries.map(\.message.description) == ["hello"])
        }
    }
}
