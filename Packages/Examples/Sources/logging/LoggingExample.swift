// SPDX-License-Identifier: MIT OR Apache-2.0

import ExampleSession
import Glibc
import Logging
import VitrineObservability
import VitrineSwiftLog

/// Lets a session come out through swift-log, in a program that has a log and no subscriber: `just example logging`.
///
/// `VITRINE_LEVEL=debug just example logging` shows more; levels are those of swift-log.
@main
enum LoggingExample {
    static func main() {
        do {
            try run()
        } catch {
            print(error)
            exit(1)
        }
    }

    private static func run() throws {
        // The application's logger is whatever it has bootstrapped: here the handler of swift-log that writes lines.
        let level = Logger.Level(rawValue: environment("VITRINE_LEVEL") ?? "info") ?? .info
        LoggingSystem.bootstrap { label in
            var handler = StreamLogHandler.standardOutput(label: label)
            handler.logLevel = level
            return handler
        }
        let logger = Logger(label: "example")
        logger.notice("the application's own records go to the same handler")

        // Without a subscriber, events are records of the log, and a span is two: one when it begins, one when it ends.
        let log = SwiftLogSubscriber(maximumLevel: Level(level)) { label in
            var handler = StreamLogHandler.standardOutput(label: label)
            handler.logLevel = level
            return handler
        }
        Telemetry.installLog(log)
        defer {
            Telemetry.flush()
            Telemetry.installLog(nil)
        }
        try ExampleSession.run()
    }

    private static func environment(_ name: String) -> String? {
        // SAFETY: the string is copied before anything can change the environment.
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }
}
