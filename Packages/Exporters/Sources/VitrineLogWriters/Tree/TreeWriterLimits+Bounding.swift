// SPDX-License-Identifier: MIT OR Apache-2.0

internal import VitrineObservability

extension TreeWriterLimits {
    /// An event with no more text than the limits allow.
    func bounded(_ record: EventRecord) -> EventRecord {
        EventRecord(
            context: record.context,
            metadata: bounded(record.metadata),
            origin: record.origin,
            time: record.time,
            message: SafeText.bounded(record.message, to: textByteCount),
            fields: bounded(record.fields)
        )
    }

    /// A span with no more text than the limits allow.
    func bounded(_ record: SpanRecord) -> SpanRecord {
        var status = record.status
        if case .error(let text) = status { status = .error(SafeText.bounded(text, to: textByteCount)) }
        return SpanRecord(
            context: record.context,
            parent: record.parent,
            metadata: bounded(record.metadata),
            origin: record.origin,
            start: record.start,
            end: record.end,
            fields: bounded(record.fields),
            status: status
        )
    }

    private func bounded(_ metadata: Metadata) -> Metadata {
        Metadata(
            name: SafeText.bounded(metadata.name, to: textByteCount),
            target: SafeText.bounded(metadata.target, to: textByteCount),
            level: metadata.level,
            file: SafeText.bounded(metadata.file, to: textByteCount),
            line: metadata.line
        )
    }

    private func bounded(_ fields: [Field]) -> [Field] {
        fields.prefix(fieldsPerRecord).map { field in
            Field(SafeText.bounded(field.key, to: textByteCount), bounded(field.value))
        }
    }

    private func bounded(_ value: FieldValue) -> FieldValue {
        switch value {
        case .string(let text): .string(SafeText.bounded(text, to: textByteCount))
        case .bools(let elements): bounded(elements) { _ in 0 }.map(FieldValue.strings) ?? value
        case .int64s(let elements): bounded(elements) { _ in 0 }.map(FieldValue.strings) ?? value
        case .doubles(let elements): bounded(elements) { _ in 0 }.map(FieldValue.strings) ?? value
        case .strings(let elements): bounded(elements, \.utf8.count).map(FieldValue.strings) ?? value
        case .bool, .int64, .uint64, .double: value
        }
    }

    /// The first elements of an array as texts, and how many are missing; nil for one that may stay as it is.
    ///
    /// An element counts with its own size and with what it holds: many empty texts take memory, too.
    private func bounded<Element: CustomStringConvertible>(
        _ elements: [Element], _ heldByteCount: (Element) -> Int
    ) -> [String]? {
        var room = textByteCount
        for (index, element) in elements.enumerated() {
            room -= MemoryLayout<Element>.stride + heldByteCount(element)
            guard room < 0 else { continue }
            return elements.prefix(index).map(\.description) + ["… (\(elements.count - index) elements more)"]
        }
        return nil
    }
}
