// SPDX-License-Identifier: MIT OR Apache-2.0

import Logging
import ServiceLifecycle
import Synchronization
import Testing
import VitrineObservability
import VitrineServiceLifecycle

extension ProcessWide {
    @Suite("TelemetryFlush")
    struct TelemetryFlushTests {
        /// Keeps the order in which things happened.
        private final class Log: Subscriber {
            private let kept = Mutex<[String]>([])
            var lines: [String] { kept.withLock { $0 } }
            func append(_ line: String) { kept.withLock { $0.append(line) } }

            var maximumLevel: Level { .info }
            var needs: SubscriberNeeds { [] }
            func spanDidStart(_ span: borrowing SpanView) {}
            func spanDidEnd(_ span: borrowing SpanView) {}
            func eventDidOccur(_ event: borrowing EventView) { append(event.message) }
            func flush() { append("flush") }
        }

        /// Works until it is told to stop, and tells of both.
        private struct Server: Service {
            let started: AsyncStream<Void>.Continuation
            func run() async throws {
                event("started")
                started.yield()
                try await gracefulShutdown()
                event("stopping")
            }
        }

        @Test("The end of a group is flushed once, after all other services have stopped")
        func group() async throws {
            let log = Log()
            Telemetry.install(log)
            defer { Telemetry.uninstall() }
            let (starts, started) = AsyncStream<Void>.makeStream()
            let group = ServiceGroup(
                services: [TelemetryFlush(), Server(started: started)],
                logger: Logger(label: "group") { _ in SwiftLogNoOpLogHandler() })
            async let end: Void = group.run()
            for await _ in starts { break }
            #expect(log.lines == ["started"])
            await group.triggerGracefulShutdown()
            try await end
            #expect(log.lines == ["started", "stopping", "flush"])
        }

        @Test("A cancelled service flushes as well")
        func cancelled() async {
            let log = Log()
            Telemetry.install(log)
            defer { Telemetry.uninstall() }
            let task = Task { await TelemetryFlush().run() }
            task.cancel()
            await task.value
            #expect(log.lines == ["flush"])
        }
    }
}
