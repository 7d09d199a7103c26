// SPDX-License-Identifier: MIT OR Apache-2.0

/// A type whose arrays may be given to a field as they are.
public protocol FieldArrayElement {
    /// The array as one value of a field.
    static func fieldValue(of elements: [Self]) -> FieldValue
}

extension Bool: FieldArrayElement {
    /// `.bools`.
    @inlinable
    public static func fieldValue(of elements: [Bool]) -> FieldValue { .bools(elements) }
}

extension Int: FieldArrayElement {
    /// `.int64s`.
    @inlinable
    public static func fieldValue(of elements: [Int]) -> FieldValue { .int64s(elements.map { Int64($0) }) }
}

extension Int64: FieldArrayElement {
    /// `.int64s`.
    @inlinable
    public static func fieldValue(of elements: [Int64]) -> FieldValue { .int64s(elements) }
}

extension Double: FieldArrayElement {
    /// `.doubles`.
    @inlinable
    public static func fieldValue(of elements: [Double]) -> FieldValue { .doubles(elements) }
}

extension String: FieldArrayElement {
    /// `.strings`.
    @inlinable
    public static func fieldValue(of elements: [String]) -> FieldValue { .strings(elements) }
}
