// SPDX-License-Identifier: MIT OR Apache-2.0

/// A type whose values may be given to a field as they are: `Field("bytes", buffer.count)`.
///
/// Conform your own types to name the one primitive they are recorded as.
public protocol FieldValueConvertible {
    /// The value to record. Asked for only when somebody listens.
    var fieldValue: FieldValue { get }
}

extension FieldValue: FieldValueConvertible {
    /// The value itself.
    public var fieldValue: FieldValue { self }
}

extension Bool: FieldValueConvertible {
    /// `.bool`.
    public var fieldValue: FieldValue { .bool(self) }
}

extension Int: FieldValueConvertible {
    /// `.int64`.
    public var fieldValue: FieldValue { .int64(Int64(self)) }
}

extension Int32: FieldValueConvertible {
    /// `.int64`.
    public var fieldValue: FieldValue { .int64(Int64(self)) }
}

extension Int64: FieldValueConvertible {
    /// `.int64`.
    public var fieldValue: FieldValue { .int64(self) }
}

extension UInt: FieldValueConvertible {
    /// `.uint64`.
    public var fieldValue: FieldValue { .uint64(UInt64(self)) }
}

extension UInt8: FieldValueConvertible {
    /// `.uint64`.
    public var fieldValue: FieldValue { .uint64(UInt64(self)) }
}

extension UInt16: FieldValueConvertible {
    /// `.uint64`.
    public var fieldValue: FieldValue { .uint64(UInt64(self)) }
}

extension UInt32: FieldValueConvertible {
    /// `.uint64`.
    public var fieldValue: FieldValue { .uint64(UInt64(self)) }
}

extension UInt64: FieldValueConvertible {
    /// `.uint64`.
    public var fieldValue: FieldValue { .uint64(self) }
}

extension Float: FieldValueConvertible {
    /// `.double`.
    public var fieldValue: FieldValue { .double(Double(self)) }
}

extension Double: FieldValueConvertible {
    /// `.double`.
    public var fieldValue: FieldValue { .double(self) }
}

extension String: FieldValueConvertible {
    /// `.string`.
    public var fieldValue: FieldValue { .string(self) }
}
