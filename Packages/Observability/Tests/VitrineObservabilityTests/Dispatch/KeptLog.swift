// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import VitrineObservability

/// A log that keeps its records.
final class KeptLog: LogReceiver {
    let maximumLevel: Level
    private let kept = Mutex<[EventRecord]>([])
    private let flushes = Atomic<Int>(0)

    var records: [EventRecord] { kept.withLock { $0 } }
    var flushCount: Int { flushes.load(ordering: .relaxed) }

    init(maximumLevel: Level) {
        self.maximumLevel = maximumLevel
    }

    func log(_ event: borrowing EventView) {
        let record = EventRecord(event)
        kept.withLock { $0.append(record) }
    }

    func flush() { flushes.wrappingAdd(1, ordering: .relaxed) }
}
