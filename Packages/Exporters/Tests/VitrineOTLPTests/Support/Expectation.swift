// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineOTLP
import VitrineObservability

/// What a decoder has to read of records, said in the simplest way: no limits are reached, and no keys are equal.
enum Expectation {
    static func request(_ name: String, _ scopes: String, _ records: String, _ trees: [Tree]) -> Tree {
        [
            name: [
                [
                    "resource": resource,
                    scopes: [["scope": scope, "schema_url": "https://a.example/2", records: .list(trees)]],
                    "schema_url": "https://a.example/1",
                ]
            ]
        ]
    }

    static let sender = OTLPResource(
        [Field("service.name", "kitchen"), Field("host.cpus", 2)], schemaURL: "https://a.example/1")
    static let library = OTLPScope(
        name: "vitrine", version: "0.1", fields: [Field("warm", true)], schemaURL: "https://a.example/2")
    private static let resource: Tree = ["attributes": .list(sender.fields.map(attribute))]
    private static let scope: Tree = [
        "name": "vitrine", "version": "0.1", "attributes": .list(library.fields.map(attribute)),
    ]

    static func attribute(_ field: Field) -> Tree { ["key": .text(mended(field.key)), "value": value(field.value)] }

    private static func mended(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == "\0" ? "\u{FFFD}" : $0 }))
    }

    private static func text(_ text: String) -> Tree { ["string_value": .text(mended(text))] }

    static func value(_ value: FieldValue) -> Tree {
        switch value {
        case .bool(let value): ["bool_value": .text("\(value)")]
        case .int64(let value): ["int_value": .number(value)]
        case .uint64(let value) where value > Int64.max: text("\(value)")
        case .uint64(let value): ["int_value": .number(value)]
        case .double(let value): ["double_value": .double(value)]
        case .string(let value): text(value)
        case .bools(let values): array(values.map { .bool($0) })
        case .int64s(let values): array(values.map { .int64($0) })
        case .doubles(let values): array(values.map { .double($0) })
        case .strings(let values): array(values.map { .string($0) })
        }
    }

    private static func array(_ values: [FieldValue]) -> Tree {
        values.isEmpty ? ["array_value": [:]] : ["array_value": ["values": .list(values.map(value))]]
    }

    private static func attributes(
        _ origin: SpanOrigin, _ metadata: Metadata, _ fields: [Field], level: Bool = true, message: Field? = nil
    ) -> Tree {
        var all = [Field("vitrine.origin", "\(origin)"), Field("vitrine.target", metadata.target)]
        if level { all.append(Field("vitrine.level", metadata.level.description)) }
        if !metadata.file.isEmpty { all.append(Field("code.file.path", metadata.file)) }
        if !metadata.file.isEmpty, metadata.line > 0 {
            all.append(Field("code.line.number", .int64(Int64(metadata.line))))
        }
        if let message { all.append(message) }
        return .list((all + fields).map(attribute))
    }

    /// A message without the fields that hold what stands for nothing.
    private static func message(_ fields: [String: Tree]) -> Tree {
        let nothing: [Tree] = ["", "0", [], [:]]
        return .message(fields.filter { !nothing.contains($0.value) })
    }

    private static func identity(_ context: SpanContext) -> [String: Tree] {
        [
            "trace_id": .text(Tree.hexadecimal(context.traceID.high, 16) + Tree.hexadecimal(context.traceID.low, 16)),
            "span_id": .identifier(context.spanID.rawValue),
        ].merging(context.flags.rawValue == 0 ? [:] : ["flags": .number(context.flags.rawValue)]) { $1 }
    }

    private static func joined(_ first: [String: Tree], _ second: Tree) -> Tree {
        guard case .message(let fields) = second else { return second }
        return .message(first.merging(fields) { $1 })
    }

    static func span(_ span: OTLPSpan) -> Tree {
        let record = span.record
        let start = record.start.nanosecondsSinceEpoch
        let kinds: [SpanKind: Int] = [.internal: 1, .server: 2, .client: 3, .producer: 4, .consumer: 5]
        let status: Tree =
            switch record.status {
            case .unset: [:]
            case .ok: ["code": "1"]
            case .error(let text): message(["code": "2", "message": .text(mended(text))])
            }
        return joined(
            identity(record.context),
            message([
                "parent_span_id": record.parent.map { .identifier($0.rawValue) } ?? "",
                "name": .text(record.metadata.name.isEmpty ? "unknown" : mended(record.metadata.name)),
                "kind": .number(kinds[record.kind] ?? 0),
                "start_time_unix_nano": .number(start),
                "end_time_unix_nano": .number(max(start, record.end?.nanosecondsSinceEpoch ?? start)),
                "attributes": attributes(record.origin, record.metadata, record.fields),
                "dropped_attributes_count": .number(span.droppedFieldCount),
                "events": .list(span.events.map(event)),
                "dropped_events_count": .number(span.droppedEventCount),
                "links": .list(record.links.map(link)),
                "dropped_links_count": .number(span.droppedLinkCount),
                "status": status,
            ]))
    }

    private static func event(_ event: EventRecord) -> Tree {
        let name = event.metadata.name
        let isNamed = name != "" && name != "event"
        let key = name == "exception" ? "exception.message" : "message"
        let said = isNamed && event.message != "" && event.message != name ? Field(key, event.message) : nil
        let shown = mended(isNamed ? name : event.message)
        return message([
            "time_unix_nano": .number(event.time.nanosecondsSinceEpoch),
            "name": .text(shown.isEmpty ? "event" : shown),
            "attributes": attributes(event.origin, event.metadata, event.fields, message: said),
        ])
    }

    private static func link(_ link: SpanLink) -> Tree {
        joined(identity(link.context), message(["attributes": .list(link.fields.map(attribute))]))
    }

    static func log(_ event: EventRecord) -> Tree {
        let severities: [Level: Int] = [.off: 0, .trace: 1, .debug: 5, .info: 9, .warn: 13, .error: 17]
        let level = event.metadata.level
        let time = Tree.number(event.time.nanosecondsSinceEpoch)
        return joined(
            event.context.map(identity) ?? [:],
            message([
                "time_unix_nano": time, "observed_time_unix_nano": time,
                "severity_number": .number(severities[level] ?? 0),
                "severity_text": .text(level == .off ? "" : level.description.uppercased()),
                "body": text(event.message),
                "event_name": .text(event.metadata.name == "event" ? "" : mended(event.metadata.name)),
                "attributes": attributes(event.origin, event.metadata, event.fields, level: false),
            ]))
    }
}
