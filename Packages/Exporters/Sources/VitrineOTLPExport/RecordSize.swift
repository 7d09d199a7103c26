// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineOTLP
import VitrineObservability

/// How much memory records take: what they are made of and their texts, without what an allocator adds.
///
/// Texts of call sites count too, though many records share them: the bound is one from above.
enum RecordSize {
    static func byteCount(_ span: OTLPSpan) -> Int {
        let record = span.record
        var count = MemoryLayout<OTLPSpan>.stride + byteCount(record.metadata) + byteCount(record.fields)
        for link in record.links { count += MemoryLayout<SpanLink>.stride + byteCount(link.fields) }
        for event in span.events { count += byteCount(event) }
        if case .error(let text) = record.status { count += text.utf8.count }
        return count
    }

    static func byteCount(_ event: EventRecord) -> Int {
        MemoryLayout<EventRecord>.stride + byteCount(event.metadata) + event.message.utf8.count
            + byteCount(event.fields)
    }

    /// The bytes of the texts of a span, those of its call site only if they do not last anyway.
    @inline(__always)
    static func textByteCount(_ span: borrowing SpanView, isLasting: Bool) -> Int {
        var count = textByteCount(span.fields)
        for link in span.links { count += MemoryLayout<SpanLink>.stride + byteCount(link.fields) }
        if case .error(let text) = span.status { count += text.utf8.count }
        if !isLasting { count += byteCount(span.metadata) }
        return count
    }

    /// The bytes of the texts of an event, likewise.
    @inline(__always)
    static func textByteCount(_ event: borrowing EventView, isLasting: Bool) -> Int {
        let count = textByteCount(event.fields) + event.message.utf8.count
        return isLasting ? count : count + byteCount(event.metadata)
    }

    @inline(__always)
    private static func textByteCount(_ fields: Swift.Span<Field>) -> Int {
        var count = 0
        for index in fields.indices {
            count += fields[index].key.utf8.count + byteCount(fields[index].value)
        }
        return count
    }

    private static func byteCount(_ metadata: Metadata) -> Int {
        metadata.name.utf8.count + metadata.target.utf8.count + metadata.file.utf8.count
    }

    private static func byteCount(_ fields: [Field]) -> Int {
        var count = fields.count * MemoryLayout<Field>.stride
        for field in fields { count += field.key.utf8.count + byteCount(field.value) }
        return count
    }

    private static func byteCount(_ value: FieldValue) -> Int {
        switch value {
        case .bool, .int64, .uint64, .double: 0
        case .string(let text): text.utf8.count
        case .bools(let values): values.count
        case .int64s(let values): values.count * 8
        case .doubles(let values): values.count * 8
        case .strings(let values): values.reduce(0) { $0 + MemoryLayout<String>.stride + $1.utf8.count }
        }
    }
}
