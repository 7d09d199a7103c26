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
            let key = SafeText.bounded(field.key, to: textByteCount)
            guard case .string(let text) = field.value else { return Field(key, field.value) }
            return Field(key, .string(SafeText.bounded(text, to: textByteCount)))
        }
    }
}
