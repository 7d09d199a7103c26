// SPDX-License-Identifier: MIT OR Apache-2.0

/// Writes telemetry records as a guest does, into an array: for tests and for tools. Guests write theirs in C.
///
/// Nothing stops it from writing records beyond the limits: tests need those too.
public struct TelemetryRecordWriter: Sendable {
    /// A string to be written.
    public enum Text: Sendable {
        /// In the record.
        case inline(String)

        /// In the image, at this address.
        case image(address: UInt64, byteCount: UInt32)
    }

    /// A field's value to be written.
    public enum FieldValue: Sendable {
        /// ``GuestABI/FieldType/bool``.
        case bool(Bool)

        /// ``GuestABI/FieldType/int64``.
        case int64(Int64)

        /// ``GuestABI/FieldType/uint64``.
        case uint64(UInt64)

        /// ``GuestABI/FieldType/double``.
        case double(Double)

        /// ``GuestABI/FieldType/string``.
        case string(Text)
    }

    /// A field to be written.
    public typealias Field = (key: Text, value: FieldValue)

    /// What the header of the next record says.
    public struct Header: Sendable {
        /// ``TelemetryRecord/level``.
        public var level: GuestABI.Level
        /// ``TelemetryRecord/isTruncated``.
        public var isTruncated: Bool
        /// ``TelemetryRecord/sequence``.
        public var sequence: UInt64
        /// ``TelemetryRecord/ticks``.
        public var ticks: UInt64

        /// A header.
        public init(level: GuestABI.Level = .off, isTruncated: Bool = false, sequence: UInt64, ticks: UInt64) {
            self.level = level
            self.isTruncated = isTruncated
            self.sequence = sequence
            self.ticks = ticks
        }
    }

    /// The records written so far.
    public private(set) var bytes: [UInt8] = []

    /// A writer with no records.
    public init() {}

    /// Appends a record of this kind whose content the closure writes.
    mutating func record(
        _ kind: GuestABI.RecordKind, _ header: Header, _ content: (inout TelemetryRecordWriter) -> Void
    ) {
        let start = bytes.count
        append32(0)
        bytes.append(kind.rawValue)
        bytes.append(header.level.rawValue)
        bytes.append(header.isTruncated ? UInt8(GuestABI.recordTruncatedFlag) : 0)
        bytes.append(0)
        append64(header.sequence)
        append64(header.ticks)
        content(&self)
        let byteCount = UInt32(bytes.count - start)
        for index in 0..<4 {
            bytes[start + index] = UInt8(truncatingIfNeeded: byteCount >> (8 * UInt32(index)))
        }
    }

    mutating func append32(_ value: UInt32) {
        for shift in stride(from: UInt32(0), to: 32, by: 8) {
            bytes.append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    mutating func append64(_ value: UInt64) {
        append32(UInt32(truncatingIfNeeded: value))
        append32(UInt32(truncatingIfNeeded: value >> 32))
    }

    mutating func append(_ text: Text) {
        switch text {
        case .inline(let string):
            append32(UInt32(string.utf8.count))
            append32(GuestABI.StringForm.inline.rawValue)
            bytes.append(contentsOf: string.utf8)
            while !bytes.count.isMultiple(of: 8) {
                bytes.append(0)
            }
        case .image(let address, let byteCount):
            append32(byteCount)
            append32(GuestABI.StringForm.inImage.rawValue)
            append64(address)
        }
    }

    mutating func append(_ fields: [Field]) {
        for field in fields {
            append(field.key)
            switch field.value {
            case .bool(let value): append(.bool, value ? 1 : 0)
            case .int64(let value): append(.int64, UInt64(bitPattern: value))
            case .uint64(let value): append(.uint64, value)
            case .double(let value): append(.double, value.bitPattern)
            case .string(let text):
                append32(GuestABI.FieldType.string.rawValue)
                append32(0)
                append(text)
            }
        }
    }

    private mutating func append(_ type: GuestABI.FieldType, _ word: UInt64) {
        append32(type.rawValue)
        append32(0)
        append64(word)
    }
}
