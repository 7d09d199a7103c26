// SPDX-License-Identifier: MIT OR Apache-2.0

import Logging
import Synchronization

/// Keeps whole records, with the places that `InMemoryLogHandler` leaves out.
struct RecordingLogHandler: LogHandler {
    final class Store: Sendable {
        private let kept = Mutex<[LogEvent]>([])
        var events: [LogEvent] { kept.withLock { $0 } }
        func append(_ event: LogEvent) { kept.withLock { $0.append(event) } }
    }

    let store: Store
    var logLevel = Logger.Level.trace
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?

    init(_ store: Store = Store(), level: Logger.Level = .trace) {
        self.store = store
        logLevel = level
    }

    subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) { store.append(event) }
}
