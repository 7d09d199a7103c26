// SPDX-License-Identifier: MIT OR Apache-2.0

/// What ``TelemetryRecordReader`` finds.
public enum TelemetryItem: Hashable, Sendable {
    /// A record.
    case record(TelemetryRecord)

    /// A record that could not be read, with the bytes lost by it: itself if its length is plausible, else the rest.
    case malformed(TelemetryError, offset: Int, lostByteCount: Int)
}

/// Reads a guest's telemetry records one by one, from the bytes that follow the region's header up to `used`.
///
/// Total and bounded: any bytes give records or ``TelemetryItem/malformed(_:offset:lostByteCount:)``, at most one item
/// for each 24 bytes. Nothing is allocated or copied. All offsets in the results count from the start of these bytes.
public struct TelemetryRecordReader: ~Escapable {
    /// The bytes that are read.
    public let records: RawSpan

    private var offset = 0

    /// A reader at the first record.
    @_lifetime(copy records)
    public init(_ records: RawSpan) {
        self.records = records
    }

    /// The next record, or what is known of it, or nil at the end. O(length of the record).
    public mutating func next() -> TelemetryItem? {
        let start = offset
        let available = records.byteCount - start
        guard available > 0 else { return nil }
        guard available >= GuestABI.RecordOffset.byteCount else {
            let needed = GuestABI.RecordOffset.byteCount - available
            return giveUp(at: start, .truncated(offset: records.byteCount, needed: needed))
        }
        let rawByteCount = records.uint32(at: start + GuestABI.RecordOffset.recordByteCount)
        let byteCount = Int(rawByteCount)
        guard byteCount.isMultiple(of: 8), byteCount >= GuestABI.RecordOffset.byteCount, byteCount <= available else {
            return giveUp(at: start, .badByteCount(rawByteCount))
        }
        offset = start + byteCount
        do throws(TelemetryError) {
            return .record(try record(at: start, byteCount: byteCount))
        } catch {
            return .malformed(error, offset: start, lostByteCount: byteCount)
        }
    }

    private mutating func giveUp(at start: Int, _ error: TelemetryError) -> TelemetryItem {
        offset = records.byteCount
        return .malformed(error, offset: start, lostByteCount: records.byteCount - start)
    }

    private func record(at start: Int, byteCount: Int) throws(TelemetryError) -> TelemetryRecord {
        typealias Offset = GuestABI.RecordOffset
        guard byteCount <= GuestABI.Limit.recordBytes else { throw .recordTooLong(byteCount: byteCount) }
        let rawKind = records.uint8(at: start + Offset.kind)
        guard let kind = GuestABI.RecordKind(rawValue: rawKind) else { throw .badKind(rawKind) }
        let rawLevel = records.uint8(at: start + Offset.level)
        guard let level = GuestABI.Level(rawValue: rawLevel) else { throw .badLevel(rawLevel) }
        let flags = records.uint16(at: start + Offset.flags)
        guard flags & ~GuestABI.recordTruncatedFlag == 0 else { throw .badFlags(flags) }

        let end = start + byteCount
        var cursor = TelemetryCursor(records, offset: start + Offset.byteCount, end: end)
        let content = try Self.content(of: kind, &cursor)
        guard cursor.remaining == 0 else { throw .trailingBytes(count: cursor.remaining) }
        return TelemetryRecord(
            level: level,
            isTruncated: flags & GuestABI.recordTruncatedFlag != 0,
            sequence: records.uint64(at: start + Offset.sequence),
            ticks: records.uint64(at: start + Offset.ticks),
            content: content
        )
    }

    private static func content(
        of kind: GuestABI.RecordKind, _ cursor: inout TelemetryCursor
    ) throws(TelemetryError) -> TelemetryRecord.Content {
        switch kind {
        case .spanOpen: .spanOpen(try spanOpen(&cursor))
        case .spanClose: .spanClose(span: try cursor.uint64())
        case .spanEdit: try spanEdit(&cursor)
        case .event: .event(try event(&cursor))
        case .print: .print(try cursor.string())
        case .allocate: .allocate(try cursor.allocation())
        case .free: .free(try cursor.allocation())
        }
    }

    private static func spanOpen(
        _ cursor: inout TelemetryCursor
    ) throws(TelemetryError) -> TelemetryRecord.SpanOpen {
        let span = try cursor.uint64()
        let parent = try cursor.uint64()
        let line = try cursor.uint32()
        let fieldCount = try cursor.uint32()
        return TelemetryRecord.SpanOpen(
            span: span,
            parent: parent,
            line: line,
            name: try cursor.string(),
            target: try cursor.string(),
            file: try cursor.string(),
            fields: try cursor.fields(count: fieldCount)
        )
    }

    private static func spanEdit(_ cursor: inout TelemetryCursor) throws(TelemetryError) -> TelemetryRecord.Content {
        let span = try cursor.uint64()
        try cursor.reserved32()
        let fieldCount = try cursor.uint32()
        return .spanEdit(span: span, fields: try cursor.fields(count: fieldCount))
    }

    private static func event(_ cursor: inout TelemetryCursor) throws(TelemetryError) -> TelemetryRecord.Event {
        let span = try cursor.uint64()
        let line = try cursor.uint32()
        let fieldCount = try cursor.uint32()
        return TelemetryRecord.Event(
            span: span,
            line: line,
            message: try cursor.string(),
            target: try cursor.string(),
            file: try cursor.string(),
            fields: try cursor.fields(count: fieldCount)
        )
    }
}
