// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineOTLP
import VitrineObservability

/// Records of any shape that are the same in every run: SplitMix64 (Steele, Lea and Flood, 2014).
struct RandomRecords: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }

    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<bound, using: &self) }

    /// Mostly short, sometimes longer than what a length of one or two bytes says.
    mutating func text() -> String {
        let count = [0, 3, 7, 8, 15, 40, 127, 128, 400, 17_000][below(below(20) == 0 ? 10 : 8)]
        let scalars = (0..<below(count + 1)).map { _ -> Unicode.Scalar in
            switch below(8) {
            case 0: Unicode.Scalar(UInt32.random(in: 0...0x10_FFFF, using: &self)) ?? "\0"
            case 1: ["\0", "\n", "ü", "漢", "🙂"][below(5)]
            default: Unicode.Scalar(UInt8.random(in: 0x20...0x7E, using: &self))
            }
        }
        return String(String.UnicodeScalarView(scalars))
    }

    /// Numbers of all lengths.
    mutating func bits() -> UInt64 { next() >> UInt64(below(64)) }

    private mutating func list<T>(_ element: (inout RandomRecords) -> T) -> [T] {
        (0..<below(5)).map { _ in element(&self) }
    }

    mutating func value() -> FieldValue {
        switch below(9) {
        case 0: .bool(below(2) == 0)
        case 1: .int64(Int64(bitPattern: bits()))
        case 2: .uint64(bits())
        case 3: .double(Double(bitPattern: next()))
        case 4: .bools(list { $0.below(2) == 0 })
        case 5: .int64s(list { Int64(bitPattern: $0.next()) })
        case 6: .doubles(list { Double(bitPattern: $0.next()) })
        case 7: .strings(list { $0.text() })
        default: .string(text())
        }
    }

    /// Keys that are all different, as the last number in them is.
    mutating func fields() -> [Field] {
        (0..<below(below(4) == 0 ? 60 : 6)).map { Field("\(text())#\($0)", value()) }
    }

    mutating func metadata(_ kind: RecordKind) -> Metadata {
        let name = [kind == .event ? "event" : text(), text(), "exception"][below(3)]
        return Metadata(
            name: name, target: text(), level: Level(rawValue: UInt8(below(6))) ?? .info, kind: kind,
            file: below(2) == 0 ? "" : text(), line: UInt32(truncatingIfNeeded: bits()))
    }

    mutating func context() -> SpanContext {
        SpanContext(
            traceID: TraceID(high: bits(), low: next() | 1) ?? .random(),
            spanID: SpanID(rawValue: bits() | 1) ?? .random(),
            flags: TraceFlags(rawValue: UInt8(below(256))))
    }

    mutating func event() -> EventRecord {
        EventRecord(
            context: below(3) == 0 ? nil : context(), metadata: metadata(.event),
            origin: below(2) == 0 ? .host : .guest,
            time: Timestamp(nanosecondsSinceEpoch: bits()), message: text(), fields: fields())
    }

    mutating func span() -> OTLPSpan {
        let status: SpanStatus = [.unset, .ok, .error(text())][below(3)]
        let record = SpanRecord(
            context: context(), parent: SpanID(rawValue: below(2) == 0 ? 0 : bits()), metadata: metadata(.span),
            origin: below(2) == 0 ? .host : .guest, kind: SpanKind.allCases[below(5)],
            start: Timestamp(nanosecondsSinceEpoch: bits()),
            end: below(4) == 0 ? nil : Timestamp(nanosecondsSinceEpoch: bits()), fields: fields(),
            links: list { SpanLink($0.context(), $0.fields()) }, status: status)
        return OTLPSpan(
            record, events: list { $0.event() }, droppedFieldCount: below(3), droppedEventCount: below(3),
            droppedLinkCount: below(300))
    }
}
