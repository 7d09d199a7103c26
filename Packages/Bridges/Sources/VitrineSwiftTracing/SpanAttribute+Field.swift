// SPDX-License-Identifier: MIT OR Apache-2.0

import Tracing
import VitrineObservability

extension SpanAttribute {
    /// A field's value as an attribute of its type. An unsigned integer is a signed one if it fits, otherwise a text.
    init(_ value: FieldValue) {
        switch value {
        case .bool(let value): self = .bool(value)
        case .int64(let value): self = .int64(value)
        case .uint64(let value): self = Int64(exactly: value).map { .int64($0) } ?? .string(value.description)
        case .double(let value): self = .double(value)
        case .string(let text): self = .string(text)
        case .bools(let values): self = .boolArray(values)
        case .int64s(let values): self = .int64Array(values)
        case .doubles(let values): self = .doubleArray(values)
        case .strings(let texts): self = .stringArray(texts)
        }
    }
}

extension FieldValue {
    /// An attribute as a field's value: integers of any width as `.int64`, what only describes itself as its text.
    init?(_ attribute: SpanAttribute) {
        switch attribute {
        case .int32(let value): self = .int64(Int64(value))
        case .int64(let value): self = .int64(value)
        case .int32Array(let values): self = .int64s(values.map { Int64($0) })
        case .int64Array(let values): self = .int64s(values)
        case .double(let value): self = .double(value)
        case .doubleArray(let values): self = .doubles(values)
        case .bool(let value): self = .bool(value)
        case .boolArray(let values): self = .bools(values)
        case .string(let text): self = .string(text)
        case .stringArray(let texts): self = .strings(texts)
        case .stringConvertible(let value): self = .string(value.description)
        case .stringConvertibleArray(let values): self = .strings(values.map(\.description))
        default: return nil
        }
    }
}

extension SpanAttributes {
    /// Fields as attributes; of two with one key the last counts.
    init(_ fields: Swift.Span<Field>) {
        self.init()
        reserveCapacity(fields.count)
        for index in fields.indices { set(fields[index].key, value: SpanAttribute(fields[index].value)) }
    }

    /// The attributes as fields, in the order of their keys, for attributes have none.
    var fields: [Field] {
        var fields: [Field] = []
        fields.reserveCapacity(count)
        forEach { key, value in
            if let value = FieldValue(value) { fields.append(Field(key, value)) }
        }
        return fields.sorted { $0.key < $1.key }
    }
}
