// SPDX-License-Identifier: MIT OR Apache-2.0

import BenchmarkHarness
import CBenchmarkProbes
import Logging

/// swift-log doing the same.
enum PeerLogs {
    private static let logger: Logger = {
        var logger = Logger(label: "bench") { _ in IgnoringHandler() }
        logger.logLevel = .info
        return logger
    }()

    /// A line below the logger's level.
    static let off = LoopCase.Peer(
        name: "swift-log, off",
        loop: .plain { [logger] count in
            for index in 0..<count {
                logger.debug("step \(index)")
                loop_barrier(Int64(index))
            }
        })

    /// A line to a handler that ignores it.
    static let ignored = LoopCase.Peer(
        name: "swift-log, no-op handler",
        loop: .plain { [logger] count in
            for index in 0..<count {
                logger.info("called")
                loop_barrier(Int64(index))
            }
        })

    /// The same with two values.
    static let ignoredWithMetadata = LoopCase.Peer(
        name: "swift-log, no-op handler",
        loop: .plain { [logger] count in
            for index in 0..<count {
                logger.info("called", metadata: ["index": "\(index)", "function": "echo"])
                loop_barrier(Int64(index))
            }
        })

    /// A line with two values, written by the handler that swift-log brings, to /dev/null.
    static let written = LoopCase.Peer(
        name: "swift-log, StreamLogHandler",
        loop: .plain { count in
            let logger = Logger(label: "bench") { StreamLogHandler.standardError(label: $0) }
            NullDevice.standingInForStandardError {
                for index in 0..<count {
                    logger.info("called", metadata: ["index": "\(index)", "function": "echo"])
                    loop_barrier(Int64(index))
                }
            }
        })
}

/// Takes lines and does nothing. swift-log's own no-op handler takes no level below critical.
private struct IgnoringHandler: LogHandler {
    var logLevel = Logger.Level.info
    var metadata = Logger.Metadata()
    var metadataProvider: Logger.MetadataProvider?

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {}
}
