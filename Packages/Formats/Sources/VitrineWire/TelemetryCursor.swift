// SPDX-License-Identifier: MIT OR Apache-2.0

/// A position in a record's bytes, which only moves forward, and never past the record's end.
struct TelemetryCursor: ~Escapable {
    let records: RawSpan
    private(set) var offset: Int
    let end: Int

    /// A cursor over `offset..<end`; an impossible range is an empty one.
    @_lifetime(copy records)
    init(_ records: RawSpan, offset: Int, end: Int) {
        self.records = records
        let end = min(end, records.byteCount)
        self.end = end
        self.offset = offset >= 0 && offset <= end ? offset : end
    }

    var remaining: Int { end - offset }

    private mutating func take(_ byteCount: Int) throws(TelemetryError) -> Int {
        guard byteCount <= end - offset else { throw .truncated(offset: end, needed: byteCount - (end - offset)) }
        let start = offset
        offset += byteCount
        return start
    }

    mutating func uint32() throws(TelemetryError) -> UInt32 {
        records.uint32(at: try take(4))
    }

    mutating func uint64() throws(TelemetryError) -> UInt64 {
        records.uint64(at: try take(8))
    }

    /// A word that must be zero.
    mutating func reserved32() throws(TelemetryError) {
        let start = try take(4)
        guard records.uint32(at: start) == 0 else { throw .badReserved(offset: start) }
    }

    mutating func string() throws(TelemetryError) -> TelemetryString {
        let start = try take(8)
        let byteCount = Int(records.uint32(at: start))
        let form = records.uint32(at: start + 4)
        guard byteCount <= GuestABI.Limit.stringBytes else {
            throw .stringTooLong(byteCount: byteCount, offset: start)
        }
        switch GuestABI.StringForm(rawValue: form) {
        case .inline:
            let bytes = try take(paddedToWord(byteCount))
            return .inline(bytes..<(bytes + byteCount))
        case .inImage:
            return .image(address: try uint64(), byteCount: byteCount)
        case nil:
            throw .badStringForm(form, offset: start + 4)
        }
    }

    mutating func field() throws(TelemetryError) -> TelemetryField {
        let key = try string()
        let typeOffset = offset
        let type = try uint32()
        try reserved32()
        let value: TelemetryField.Value
        switch GuestABI.FieldType(rawValue: type) {
        case .bool:
            let word = try uint64()
            guard word <= 1 else { throw .badBool(word, offset: offset - 8) }
            value = .bool(word == 1)
        case .int64:
            value = .int64(Int64(bitPattern: try uint64()))
        case .uint64:
            value = .uint64(try uint64())
        case .double:
            value = .double(bitPattern: try uint64())
        case .string:
            value = .string(try string())
        case nil:
            throw .badFieldType(type, offset: typeOffset)
        }
        return TelemetryField(key: key, value: value)
    }

    /// Skips over `count` fields, checking each.
    mutating func fields(count: UInt32) throws(TelemetryError) -> TelemetryFields {
        guard count <= UInt32(GuestABI.Limit.fields) else { throw .tooManyFields(Int(count)) }
        let start = offset
        for _ in 0..<count {
            _ = try field()
        }
        return TelemetryFields(offset: start, count: Int(count))
    }

    mutating func allocation() throws(TelemetryError) -> TelemetryRecord.Allocation {
        let address = try uint64()
        let byteCount = try uint64()
        try reserved32()
        let count = try uint32()
        guard count <= UInt32(GuestABI.Limit.frames) else { throw .tooManyFrames(Int(count)) }
        let frames = TelemetryFrames(offset: try take(Int(count) * 8), count: Int(count))
        return TelemetryRecord.Allocation(address: address, byteCount: byteCount, frames: frames)
    }
}
