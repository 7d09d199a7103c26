// SPDX-License-Identifier: MIT OR Apache-2.0

/// A named value on a span or an event.
public struct Field: Sendable, Hashable {
    /// The name; OpenTelemetry's naming is the custom of the house: lower case, dots between words.
    public let key: String
    /// The value.
    public let value: FieldValue

    /// A field of an exact value.
    @inlinable
    public init(_ key: String, _ value: FieldValue) {
        self.key = key
        self.value = value
    }

    /// A field of anything that names its recorded value.
    @inlinable
    public init(_ key: String, _ value: some FieldValueConvertible) {
        self.init(key, value.fieldValue)
    }
}

extension Field: CustomStringConvertible {
    /// `key=value`, nothing escaped.
    public var description: String { "\(key)=\(value)" }
}
