// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineOTLP
import VitrineObservability
import VitrineObservabilityTesting

/// What was emitted, as JSON, by a way that has nothing in common with the exporter's: from a subscriber that keeps all.
///
/// Integers are decimal texts and floating-point numbers the hexadecimal digits of their bits, so that no reader of JSON
/// changes one. It says what the program meant; what OTLP has to make of it is for the reader to know.
struct Truth {
    /// So many fields and links of a record are written; what is left out is counted.
    static let writtenCount = 20_000
    /// So many events of a span are written.
    static let writtenEventCount = 1_000

    let sample: Sample
    let memory: InMemorySubscriber
    let families: [MetricFamily]
    let registryStart: Timestamp
    let snapshotTime: Timestamp

    var json: JSON {
        [
            "name": .string(sample.name),
            "service": .string(sample.serviceName),
            "scope": .array([.string(OTLPScope.vitrine.name), .string(OTLPScope.vitrine.version)]),
            "limits": [
                "attributes": .integer(sample.limits.attributeCount), "events": .integer(sample.limits.eventCount),
                "links": .integer(sample.limits.linkCount),
                "value_bytes": .integer(sample.limits.valueByteCount),
            ],
            "spans": .array(memory.spans.map(span)),
            "events": .array(events),
            "event_counts": .object(eventCounts),
            "families": .array(families.map(family)),
            "start": .integer(registryStart.nanosecondsSinceEpoch),
            "time": .integer(snapshotTime.nanosecondsSinceEpoch),
        ]
    }

    private var eventCounts: [(String, JSON)] {
        var counts: [String: Int] = [:]
        for event in memory.events {
            if let span = event.context?.spanID { counts["\(span)", default: 0] += 1 }
        }
        return counts.sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) }
    }

    /// The first events of each span, and all that are of none.
    private var events: [JSON] {
        var counts: [SpanContext: Int] = [:]
        return memory.events.compactMap { record in
            if let context = record.context {
                counts[context, default: 0] += 1
                if counts[context, default: 0] > Self.writtenEventCount { return nil }
            }
            return event(record)
        }
    }

    private func span(_ record: SpanRecord) -> JSON {
        [
            "context": context(record.context), "parent": .string(record.parent?.description ?? ""),
            "metadata": metadata(record.metadata), "origin": .string("\(record.origin)"),
            "kind": .string("\(record.kind)"), "start": .integer(record.start.nanosecondsSinceEpoch),
            "end": record.end.map { .integer($0.nanosecondsSinceEpoch) } ?? .string(""),
            "fields": fields(record.fields), "field_count": .integer(record.fields.count),
            "links": .array(
                record.links.prefix(Self.writtenCount).map {
                    ["context": context($0.context), "fields": fields($0.fields)]
                }),
            "link_count": .integer(record.links.count), "status": status(record.status),
        ]
    }

    private func status(_ status: SpanStatus) -> JSON {
        switch status {
        case .unset: ["unset", ""]
        case .ok: ["ok", ""]
        case .error(let text): ["error", .string(text)]
        }
    }

    private func event(_ record: EventRecord) -> JSON {
        [
            "context": record.context.map(context) ?? .array([]), "metadata": metadata(record.metadata),
            "origin": .string("\(record.origin)"), "time": .integer(record.time.nanosecondsSinceEpoch),
            "message": .string(record.message), "fields": fields(record.fields),
            "field_count": .integer(record.fields.count),
        ]
    }

    private func context(_ context: SpanContext) -> JSON {
        [
            .string("\(context.traceID)"), .string("\(context.spanID)"), .integer(context.flags.rawValue),
        ]
    }

    private func metadata(_ metadata: Metadata) -> JSON {
        [
            "name": .string(metadata.name), "target": .string(metadata.target), "level": .string("\(metadata.level)"),
            "file": .string(metadata.file), "line": .integer(metadata.line),
        ]
    }

    func fields(_ fields: [Field]) -> JSON {
        .array(fields.prefix(Self.writtenCount).map { [.string($0.key), value($0.value)] })
    }

    private func value(_ value: FieldValue) -> JSON {
        switch value {
        case .bool(let value): ["bool", .string("\(value)")]
        case .int64(let value): ["int", .integer(value)]
        case .uint64(let value): ["uint", .integer(value)]
        case .double(let value): ["double", .bits(value)]
        case .string(let value): ["string", .string(value)]
        case .bools(let values): list("bool", values.map { .string("\($0)") })
        case .int64s(let values): list("int", values.map { .integer($0) })
        case .doubles(let values): list("double", values.map { .bits($0) })
        case .strings(let values): list("string", values.map { .string($0) })
        }
    }

    private func list(_ type: String, _ elements: [JSON]) -> JSON {
        ["array", .string(type), .array(elements)]
    }
}
