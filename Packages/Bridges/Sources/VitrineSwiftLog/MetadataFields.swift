// SPDX-License-Identifier: MIT OR Apache-2.0

import Logging
import VitrineObservability

/// The metadata of swift-log as fields.
///
/// Texts and everything that `FieldValueConvertible` knows, such as numbers and truth values, keep their type; other values
/// become the text that describes them. A dictionary becomes a field for each of its values, with a dot between the keys
/// (`request.method`). An array whose elements are of one simple kind becomes an array of that kind, any other the texts of
/// its elements. Attributes of values, such as their sensitivity, are lost.
enum MetadataFields {
    /// How deep dictionaries are taken apart; what lies deeper becomes one text.
    static let maximumDepth = 8

    /// Adds the fields of metadata in the order of their keys, for dictionaries have none.
    static func append(_ metadata: Logger.Metadata, to fields: inout [Field]) {
        append(metadata, below: "", depth: 1, to: &fields)
    }

    private static func append(_ metadata: Logger.Metadata, below prefix: String, depth: Int, to fields: inout [Field])
    {
        for (key, value) in metadata.sorted(by: { $0.key < $1.key }) {
            if case .dictionary(let inner) = value, depth < maximumDepth {
                append(inner, below: prefix + key + ".", depth: depth + 1, to: &fields)
            } else {
                fields.append(Field(prefix + key, FieldValue(value)))
            }
        }
    }
}

extension FieldValue {
    /// The value of metadata that is not to be taken apart.
    init(_ value: Logger.MetadataValue) {
        switch value {
        case .string(let text): self = .string(text)
        case .stringConvertible(let value):
            self = (value as? any FieldValueConvertible)?.fieldValue ?? .string(value.description)
        case .dictionary: self = .string(value.description)
        case .array(let values): self = FieldValue(values)
        }
    }

    private init(_ values: [Logger.MetadataValue]) {
        let elements = values.map { FieldValue($0) }
        self =
            switch elements.first {
            case .bool: Self.array(elements, of: Bool.self)
            case .int64: Self.array(elements, of: Int64.self)
            case .double: Self.array(elements, of: Double.self)
            default: .strings(elements.map(\.description))
            }
    }

    private static func array<Element: FieldArrayElement>(
        _ elements: [FieldValue], of _: Element.Type
    ) -> FieldValue {
        let values = elements.compactMap { $0.scalar as? Element }
        return values.count == elements.count
            ? Element.fieldValue(of: values) : .strings(elements.map(\.description))
    }

    private var scalar: Any? {
        switch self {
        case .bool(let value): value
        case .int64(let value): value
        case .double(let value): value
        default: nil
        }
    }
}
