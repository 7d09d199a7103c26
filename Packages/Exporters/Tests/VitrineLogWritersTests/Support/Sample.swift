// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import VitrineLogWriters
import VitrineObservability

/// Keeps what a writer wrote, call by call.
final class Recording: Sendable {
    private let texts = Mutex<[String]>([])

    var all: [String] { texts.withLock { $0 } }
    var text: String { all.joined() }
    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

    func sink(_ text: String) {
        texts.withLock { $0.append(text) }
    }
}

/// Records of fixed identities and times, so that whole outputs can be compared.
enum Sample {
    static let trace = TraceID(high: 0x4bf9_2f35_77b3_4da6, low: 0xa3ce_929d_0e0e_4736) ?? .random()
    /// 2026-11-22 10:39:29.123456 UTC.
    static let epoch: UInt64 = 1_795_343_969_123_456_789

    static func context(_ id: UInt64) -> SpanContext {
        SpanContext(traceID: trace, spanID: SpanID(rawValue: id) ?? .random())
    }

    static func time(_ offset: UInt64) -> Timestamp {
        Timestamp(nanosecondsSinceEpoch: epoch + offset)
    }

    static func span(
        _ id: UInt64,
        _ name: String,
        parent: UInt64? = nil,
        origin: SpanOrigin = .host,
        level: Level = .info,
        from start: UInt64 = 0,
        to end: UInt64? = nil,
        _ fields: [Field] = [],
        status: SpanStatus = .unset
    ) -> SpanRecord {
        SpanRecord(
            context: context(id),
            parent: parent.flatMap(SpanID.init(rawValue:)),
            metadata: Metadata(name: name, target: "sample", level: level),
            origin: origin,
            start: time(start),
            end: end.map(time),
            fields: fields,
            status: status
        )
    }

    static func event(
        _ message: String,
        in id: UInt64?,
        at offset: UInt64 = 0,
        origin: SpanOrigin = .host,
        level: Level = .info,
        _ fields: [Field] = []
    ) -> EventRecord {
        EventRecord(
            context: id.map(context),
            metadata: Metadata(name: "event", target: "sample", level: level),
            origin: origin,
            time: time(offset),
            message: message,
            fields: fields
        )
    }
}
