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
    @inlinable
    public var fieldValue: FieldValue { self }
}

extension Bool: FieldValueConvertible {
    /// `.bool`.
    @inlinable
    public var fieldValue: FieldValue { .bool(self) }
}

extension Int: FieldValueConvertible {
    /// `.int64`.
    @inlinable
    public var fieldValue: FieldValue { .int64(Int64(self)) }
}

extension Int32: FieldValueConvertible {
    /// `.int64`.
    @inlinable
    public var fieldValue: FieldValue { .int64(Int64(self)) }
}

extension Int64: FieldValueConvertible {
    /// `.int64`.
    @inlinable
    public var fieldValue: FieldValue { .int64(self) }
}

extension UInt: FieldValueConvertible {
    /// `.uint64`.
    @inlinable
    public var fieldValue: FieldValue { .uint64(UInt64(self)) }
}

extension UInt8: FieldValueConvertible {
    /// `.uint64`.
    @inlinable
    public var fieldValue: FieldValue { .uint64(UInt64(self)) }
}

extension UInt16: FieldValueConvertible {
    /// `.uint64`.
    @inlinable
    public var fieldValue: FieldValue { .uint64(UInt64(self)) }
}

extension UInt32: FieldValueConvertible {
    /// `.uint64`.
    @inlinable
    public var fieldValue: FieldValue { .uint64(UInt64(self)) }
}

extension UInt64: FieldValueConvertible {
    /// `.uint64`.
    @inlinable
    public var fieldValue: FieldValue { .uint64(self) }
}

extension Float: FieldValueConvertible {
    /// `.double`.
    @inlinable
    public var fieldValue: FieldValue { .double(Double(self)) }
}

extension Double: FieldValueConvertible {
    /// `.double`.
    @inlinable
    public var fieldValue: FieldValue { .double(self) }
}

extension String: FieldValueConvertible {
    /// `.string`.
    @inlinable
    public var fieldValue: FieldValue { .string(self) }
}

extension Array: FieldValueConvertible where Element: FieldArrayElement {
    /// The array of the elements' kind.
    @inlinable
    public var fieldValue: FieldValue { Element.fieldValue(of: self) }
}
