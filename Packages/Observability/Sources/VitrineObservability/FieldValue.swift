// SPDX-License-Identifier: MIT OR Apache-2.0

/// The typed value of a field. Numbers stay numbers all the way to the exporter.
public enum FieldValue: Sendable, Hashable {
    /// A truth value.
    case bool(Bool)
    /// A signed integer.
    case int64(Int64)
    /// An unsigned integer; exporters without unsigned integers say how they carry it.
    case uint64(UInt64)
    /// A floating-point number.
    case double(Double)
    /// Text, possibly from a guest: whoever prints it escapes it.
    case string(String)
}

extension FieldValue: CustomStringConvertible {
    /// The bare value: no quotes, nothing escaped.
    public var description: String {
        switch self {
        case .bool(let value): value.description
        case .int64(let value): value.description
        case .uint64(let value): value.description
        case .double(let value): value.description
        case .string(let value): value
        }
    }
}

extension FieldValue: ExpressibleByBooleanLiteral {
    /// `true` or `false` as a value.
    public init(booleanLiteral value: Bool) {
        self = .bool(value)
    }
}

extension FieldValue: ExpressibleByIntegerLiteral {
    /// An integer literal as `.int64`.
    public init(integerLiteral value: Int64) {
        self = .int64(value)
    }
}

extension FieldValue: ExpressibleByFloatLiteral {
    /// A floating-point literal as `.double`.
    public init(floatLiteral value: Double) {
        self = .double(value)
    }
}

extension FieldValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    /// A string literal as `.string`.
    public init(stringLiteral value: String) {
        self = .string(value)
    }
}
