// SPDX-License-Identifier: MIT OR Apache-2.0

/// The typed value of a field. Numbers stay numbers all the way to the exporter.
///
/// These are the attribute values of OpenTelemetry (https://opentelemetry.io/docs/specs/otel/common/#attribute), with
/// unsigned integers apart, and without bytes, which some receivers drop spans for.
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
    /// Truth values.
    case bools([Bool])
    /// Signed integers.
    case int64s([Int64])
    /// Floating-point numbers.
    case doubles([Double])
    /// Texts, each as with `string`.
    case strings([String])
}

extension FieldValue: CustomStringConvertible {
    /// The bare value: no quotes, nothing escaped. Arrays are in brackets, their elements separated by commas.
    public var description: String {
        switch self {
        case .bool(let value): value.description
        case .int64(let value): value.description
        case .uint64(let value): value.description
        case .double(let value): value.description
        case .string(let value): value
        case .bools(let values): Self.list(values)
        case .int64s(let values): Self.list(values)
        case .doubles(let values): Self.list(values)
        case .strings(let values): Self.list(values)
        }
    }

    private static func list(_ values: [some CustomStringConvertible]) -> String {
        "[" + values.map(\.description).joined(separator: ",") + "]"
    }
}

extension FieldValue: ExpressibleByBooleanLiteral {
    /// `true` or `false` as a value.
    @inlinable
    public init(booleanLiteral value: Bool) {
        self = .bool(value)
    }
}

extension FieldValue: ExpressibleByIntegerLiteral {
    /// An integer literal as `.int64`.
    @inlinable
    public init(integerLiteral value: Int64) {
        self = .int64(value)
    }
}

extension FieldValue: ExpressibleByFloatLiteral {
    /// A floating-point literal as `.double`.
    @inlinable
    public init(floatLiteral value: Double) {
        self = .double(value)
    }
}

extension FieldValue: ExpressibleByStringLiteral, ExpressibleByStringInterpolation {
    /// A string literal as `.string`.
    @inlinable
    public init(stringLiteral value: String) {
        self = .string(value)
    }
}
