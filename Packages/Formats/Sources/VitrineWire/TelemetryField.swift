// SPDX-License-Identifier: MIT OR Apache-2.0

/// A named value of a span or event.
public struct TelemetryField: Hashable, Sendable {
    /// The value, with its type.
    public enum Value: Hashable, Sendable {
        /// ``GuestABI/FieldType/bool``.
        case bool(Bool)

        /// ``GuestABI/FieldType/int64``.
        case int64(Int64)

        /// ``GuestABI/FieldType/uint64``.
        case uint64(UInt64)

        /// ``GuestABI/FieldType/double``, as its bits: so that a value equals itself.
        case double(bitPattern: UInt64)

        /// ``GuestABI/FieldType/string``.
        case string(TelemetryString)
    }

    /// The name.
    public let key: TelemetryString

    /// The value.
    public let value: Value
}

/// The fields of one record: at most ``GuestABI/Limit/fields``, still in the records' bytes.
public struct TelemetryFields: Hashable, Sendable {
    /// Where the first field starts in the records.
    public let offset: Int

    /// How many there are.
    public let count: Int

    /// The fields, read from the records that they belong to.
    @_lifetime(copy records)
    public func reader(in records: RawSpan) -> TelemetryFieldReader {
        TelemetryFieldReader(fields: self, cursor: TelemetryCursor(records, offset: offset, end: records.byteCount))
    }
}

/// Reads the fields of one record one by one. Does not allocate.
public struct TelemetryFieldReader: ~Escapable {
    private var remaining: Int
    private var cursor: TelemetryCursor

    @_lifetime(copy cursor)
    init(fields: TelemetryFields, cursor: TelemetryCursor) {
        remaining = fields.count
        self.cursor = cursor
    }

    /// The next field, or nil after the last. Ends early, without a trap, if given other records.
    public mutating func next() -> TelemetryField? {
        guard remaining > 0 else { return nil }
        remaining -= 1
        do throws(TelemetryError) {
            return try cursor.field()
        } catch {
            remaining = 0
            return nil
        }
    }
}

/// The stack of an allocation or free: at most ``GuestABI/Limit/frames`` addresses, still in the records' bytes.
public struct TelemetryFrames: Hashable, Sendable {
    /// Where the innermost frame is in the records.
    public let offset: Int

    /// How many there are.
    public let count: Int

    /// The code address of a frame, 0 being the innermost, from the records that it belongs to; nil beyond the last.
    public func address(_ index: Int, in records: RawSpan) -> UInt64? {
        guard index >= 0, index < count else { return nil }
        let position = offset &+ index &* 8
        guard records.contains(offset: position, byteCount: 8) else { return nil }
        return records.uint64(at: position)
    }
}
