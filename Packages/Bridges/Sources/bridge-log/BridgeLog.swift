// SPDX-License-Identifier: MIT OR Apache-2.0

import Logging
import VitrineObservability
import VitrineSwiftLog

/// Both directions at once: the application's log becomes events, and events and spans become records of swift-log.
///
/// What is printed has gone from `logger.notice` to an event of ours and back to a handler of swift-log, with its level and
/// its place, and with the span it was made in.
@main
struct BridgeLog {
    static func main() {
        // Out: whatever is told to the core is written by a handler of swift-log.
        Telemetry.install(
            SwiftLogSubscriber(maximumLevel: .info) { label in
                var handler = StreamLogHandler.standardOutput(label: label)
                handler.logLevel = .info
                return handler
            })

        // In: loggers that the application makes tell the core.
        LoggingSystem.bootstrap { VitrineLogHandler(label: $0) }
        let logger = Logger(label: "shop.checkout")

        withSpan("order", target: "shop", [Field("item", "cup"), Field("count", 2)]) {
            logger.notice("stock is low", metadata: ["left": .stringConvertible(3), "shelf": ["row": "B"]])
            logger.debug("nobody wants this, so nothing of it is evaluated")
            event("reserved", target: "shop", [Field("price", 9.5)])
        }
        Telemetry.flush()
    }
}
