// SPDX-License-Identifier: MIT OR Apache-2.0

public import Logging
public import VitrineObservability

/// A handler of swift-log that makes an event of each record: the application's log goes where the spans go.
///
///     LoggingSystem.bootstrap { VitrineLogHandler(label: $0) }
///
/// The event belongs to the current span. Its target is the logger's label, its level that of the record (see
/// `Level.init(_:)`), its file and line those of the record. Its fields are the metadata, in the order of their keys, and
/// what else there is: `log.level` for `notice` and `critical`, `log.source` where it is not the label,
/// `code.function.name`, and `exception.type` and `exception.message` for an error.
///
/// What no subscriber wants is not evaluated: `logLevel` is what `Telemetry` says at that moment for this label. Records of
/// `critical` are the exception, for swift-log has no level above it.
///
/// A record that is made while the core calls a subscriber is dropped, so a subscriber that writes to swift-log may lead
/// back here without a loop. A handler that hands its records on to here from another thread is none of that kind: do not
/// make one the way out of the core.
public struct VitrineLogHandler: LogHandler {
    /// The logger's label, the target of its events.
    public let label: String
    /// What all records of the logger carry.
    public var metadata: Logger.Metadata
    /// Asked at each record for more. Identifiers of the current span are left out, since an event has them anyway.
    public var metadataProvider: Logger.MetadataProvider?

    private var ownLevel: Logger.Level
    private let currentSpan: @Sendable () -> SpanContext?
    /// What the core is asked about, by the raw value of the level.
    private let questions: [Metadata]

    /// A handler for a logger.
    ///
    /// - Parameters:
    ///   - label: the logger's label.
    ///   - metadataProvider: the one of the logging system, if it has one.
    ///   - level: the least severe level that is let through, whatever subscribers want.
    ///   - currentSpan: the span that records belong to; `SpanContext.innermost` of `VitrineSwiftTracing` for
    ///     programs that also use swift-distributed-tracing.
    public init(
        label: String,
        metadataProvider: Logger.MetadataProvider? = nil,
        level: Logger.Level = .trace,
        currentSpan: @escaping @Sendable () -> SpanContext? = { SpanContext.current }
    ) {
        self.label = label
        self.metadataProvider = metadataProvider
        self.currentSpan = currentSpan
        metadata = [:]
        ownLevel = level
        questions = Level.allCases.map { Metadata(name: Self.eventName, target: label, level: $0) }
    }

    /// The name of events, that of our own.
    private static let eventName = "event"

    /// The least severe level that is wanted now: the one that was set, or a more severe one if no subscriber wants that.
    /// `critical` when nobody listens.
    ///
    /// One relaxed load when nobody listens to the level that was set or anything more severe; otherwise each level is asked
    /// about, from that one on, until one is wanted.
    public var logLevel: Logger.Level {
        get {
            let most = Level(ownLevel)
            guard Telemetry.isEnabled(.error) else { return .critical }
            for level in Level.allCases.reversed() where level <= most && level != .off {
                if isWanted(level), let level = Logger.Level(level) { return max(level, ownLevel) }
            }
            return .critical
        }
        set { ownLevel = newValue }
    }

    private func isWanted(_ level: Level) -> Bool {
        Telemetry.isEnabled(level) && Telemetry.isEnabled(questions[Int(level.rawValue)], in: currentSpan())
    }

    /// What all records of the logger carry under a key.
    public subscript(metadataKey key: String) -> Logger.MetadataValue? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Makes an event of a record, if a subscriber wants it.
    public func log(event: LogEvent) {
        let context = currentSpan()
        let place = Metadata(
            name: Self.eventName, target: label, level: Level(event.level), file: event.file,
            line: UInt32(clamping: event.line))
        guard Telemetry.isEnabled(place, in: context) else { return }
        Telemetry.emit(
            EventRecord(
                context: context, metadata: place, time: .now, message: event.message.description,
                fields: fields(of: event, in: context)))
    }

    private func fields(of event: LogEvent, in context: SpanContext?) -> [Field] {
        var merged = metadata
        if let provided = metadataProvider?.get() { merged.merge(provided) { _, new in new } }
        if let own = event.metadata { merged.merge(own) { _, new in new } }
        if let context {
            Self.remove(context.traceID.description, under: RecordKey.traceID, from: &merged)
            Self.remove(context.spanID.description, under: RecordKey.spanID, from: &merged)
        }
        var fields: [Field] = []
        MetadataFields.append(merged, to: &fields)
        if let error = event.error {
            fields.append(Field(RecordKey.errorType, String(describing: type(of: error))))
            fields.append(Field(RecordKey.errorMessage, String(describing: error)))
        }
        if let level = Level.unlistedName(of: event.level) { fields.append(Field(RecordKey.level, level)) }
        if event.source != label { fields.append(Field(RecordKey.source, event.source)) }
        if !event.function.isEmpty { fields.append(Field(RecordKey.function, event.function)) }
        return fields
    }

    private static func remove(_ text: String, under key: String, from metadata: inout Logger.Metadata) {
        if case .string(text) = metadata[key] { metadata[key] = nil }
    }
}
