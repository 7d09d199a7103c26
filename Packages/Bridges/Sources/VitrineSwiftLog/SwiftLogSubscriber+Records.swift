// SPDX-License-Identifier: MIT OR Apache-2.0

import Logging
import VitrineObservability

extension SwiftLogSubscriber {
    /// A text as handlers get it.
    func shown(_ text: String) -> String { escapesText ? VisibleText.escaped(text) : text }

    /// Makes a record and gives it to the handler of its target, if its level is let through.
    func write(
        _ message: String, _ fields: Swift.Span<Field>, _ place: Metadata, origin: SpanOrigin, in context: SpanContext?,
        at time: Timestamp, _ more: Logger.Metadata = [:]
    ) {
        guard var level = Logger.Level(place.level) else { return }
        let target = shown(place.target)
        var source = target
        var function = ""
        var metadata: Logger.Metadata = [:]
        metadata.reserveCapacity(fields.count + 4)
        for index in fields.indices {
            let field = fields[index]
            if origin == .host, case .string(let text) = field.value {
                switch field.key {
                case RecordKey.level:
                    if let exact = place.level.unlistedLevel(named: text) {
                        level = exact
                        continue
                    }
                case RecordKey.source:
                    source = shown(text)
                    continue
                case RecordKey.function:
                    function = shown(text)
                    continue
                default: break
                }
            }
            metadata[shown(field.key)] = Logger.MetadataValue(field.value, isEscaped: escapesText)
        }
        let handler = handlers.handler(for: target)
        guard handler.logLevel <= level else { return }
        metadata.merge(more) { _, own in own }
        describe(place, origin, context, time, in: &metadata)
        handler.log(
            event: LogEvent(
                level: level, message: Logger.Message(stringLiteral: shown(message)),
                metadata: metadata.isEmpty ? nil : metadata, source: source, file: place.file, function: function,
                line: UInt(place.line)))
    }

    /// Adds what is known besides the fields, and takes away what only looks like it.
    private func describe(
        _ place: Metadata, _ origin: SpanOrigin, _ context: SpanContext?, _ time: Timestamp,
        in metadata: inout Logger.Metadata
    ) {
        metadata[RecordKey.traceID] = context.map { .string($0.traceID.description) }
        metadata[RecordKey.spanID] = context.map { .string($0.spanID.description) }
        metadata[RecordKey.origin] = origin == .guest ? "guest" : nil
        metadata[RecordKey.time] = origin == .guest ? .stringConvertible(time.nanosecondsSinceEpoch) : nil
        let isPlain = place.kind == .span || place.name == "event"
        metadata[RecordKey.name] = isPlain ? nil : .string(shown(place.name))
    }
}
