// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import VitrineLogWriters
import VitrineObservability

/// Keeps what is written to it, call by call.
final class MemoryLines: LineSink {
    struct Call: Equatable {
        let bytes: [UInt8]
        let level: Level
    }

    private let kept = Mutex<[Call]>([])
    private let flushes = Atomic<Int>(0)

    var calls: [Call] { kept.withLock { $0 } }
    var bytes: [UInt8] { calls.flatMap(\.bytes) }
    var text: String { String(decoding: bytes, as: UTF8.self) }
    var flushCount: Int { flushes.load(ordering: .relaxed) }
    var losses: LineLosses { LineLosses() }

    func write(_ lines: Swift.Span<UInt8>, level: Level) {
        var bytes: [UInt8] = []
        for index in lines.indices { bytes.append(lines[index]) }
        kept.withLock { $0.append(Call(bytes: bytes, level: level)) }
    }

    func flush() { flushes.wrappingAdd(1, ordering: .relaxed) }
}
