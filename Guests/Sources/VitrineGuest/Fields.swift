// SPDX-License-Identifier: MIT OR Apache-2.0

internal import CVitrineGuest

/// The value of a field: a literal of the type, or one of the cases.
public enum FieldValue: ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral, ExpressibleByFloatLiteral,
    ExpressibleByStringInterpolation
{
    /// A truth value.
    case bool(Bool)
    /// A signed integer.
    case int(Int64)
    /// An unsigned integer.
    case uint(UInt64)
    /// A floating-point number.
    case double(Double)
    /// A text.
    case text(LogText)

    /// A signed integer.
    public init(integerLiteral value: Int64) { self = .int(value) }
    /// A truth value.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// A floating-point number.
    public init(floatLiteral value: Double) { self = .double(value) }
    /// A literal text.
    public init(stringLiteral value: StaticString) { self = .text(.literal(value)) }
    /// A text with values in it.
    public init(stringInterpolation: LogText.Interpolation) {
        self = .text(LogText(stringInterpolation: stringInterpolation))
    }

    /// A string.
    public static func string(_ value: String) -> FieldValue { .text(.string(value)) }
    /// Any integer, as a signed one.
    public static func int(_ value: some BinaryInteger) -> FieldValue { .int(Int64(truncatingIfNeeded: value)) }
}

/// Fields of a span or event, as a dictionary literal with literal keys: `["attempt": 3, "name": .string(name)]`. At
/// most 32 are sent.
public struct Fields: ExpressibleByDictionaryLiteral {
    let elements: [(StaticString, FieldValue)]

    /// Fields in the order of the literal.
    public init(dictionaryLiteral elements: (StaticString, FieldValue)...) { self.elements = elements }

    // SAFETY: the fields and what they point to are lent inside closures only; each index is below the count.
    /// Lends the fields in C form.
    func withCFields(_ body: (UnsafePointer<vitrine_field>?, UInt32) -> Void) {
        if elements.isEmpty { return body(nil, 0) }
        unsafe withUnsafeTemporaryAllocation(of: vitrine_field.self, capacity: elements.count) { fields in
            unsafe fill(fields, from: 0, body)
        }
    }

    /// Fills one field a level of recursion, as a string's bytes are lent only inside a closure.
    private func fill(
        _ fields: UnsafeMutableBufferPointer<vitrine_field>, from index: Int,
        _ body: (UnsafePointer<vitrine_field>?, UInt32) -> Void
    ) {
        guard index < elements.count else {
            // SAFETY: the fields and what they point to are lent inside closures only; each index is below the count.
            return unsafe body(fields.baseAddress.map { unsafe UnsafePointer($0) }, UInt32(elements.count))
        }
        let (key, value) = elements[index]
        // SAFETY: the index is below the count of both.
        func put(_ field: vitrine_field) {
            unsafe fields[index] = field
            unsafe fill(fields, from: index + 1, body)
        }
        switch value {
        case .bool(let value): unsafe put(vitrine_field_bool(key.text, value))
        case .int(let value): unsafe put(vitrine_field_int64(key.text, value))
        case .uint(let value): unsafe put(vitrine_field_uint64(key.text, value))
        case .double(let value): unsafe put(vitrine_field_double(key.text, value))
        case .text(let value): unsafe value.withText { text in unsafe put(vitrine_field_string(key.text, text)) }
        }
    }
}

extension LogText {
    // SAFETY: the fields and what they point to are lent inside closures only; each index is below the count.
    /// Lends the bytes as a C text.
    func withText(_ body: (vitrine_text) -> Void) {
        switch self {
        case .literal(let literal): unsafe body(literal.text)
        case .string(let string): unsafe string.withText(body)
        }
    }
}
