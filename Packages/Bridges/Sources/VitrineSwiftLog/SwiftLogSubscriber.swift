// SPDX-License-Identifier: MIT OR Apache-2.0

public import Logging
public import VitrineObservability

/// Writes spans and events to handlers of swift-log.
///
/// It is both a subscriber, alone or in a `FanOut`, and a log for when there is no subscriber:
///
///     Telemetry.installLog(SwiftLogSubscriber(logger))
///
/// An event is a record with its message; a span is two, `-> name` at its start and `<- name` at its end, with the
/// duration in nanoseconds (`duration_ns`) and, if it failed, what failed (`error`). Fields become metadata; of
/// two with one key the last counts. `trace_id` and `span_id` name the span, `origin` is `guest` for what a guest said, with
/// the time of it (`time_unix_nano`), `event.name` tells events that are no plain ones. No field can take their place.
///
/// The source of a record is the target, its file and line are those of the call site; function and source of a
/// record that came from swift-log come back, and so do its `notice` and `critical`. From a guest these are fields like
/// others.
///
/// Text of guests is not to be trusted, and most handlers print what they get. So all text is escaped: line feeds, terminal
/// sequences and characters that do not show. A handler that escapes, such as one that writes JSON, does not need that.
public struct SwiftLogSubscriber: Sendable {
    /// Which records a span makes. Where this is the log without a subscriber, the core makes both.
    public enum SpanRecords: Sendable, Hashable {
        /// None.
        case none
        /// One at its end.
        case ends
        /// One at its start and one at its end.
        case startsAndEnds
    }

    let handlers: HandlerTable
    let spanRecords: SpanRecords
    let escapesText: Bool
    let fixedLevel: Level?

    /// Writes everything to the handler of one logger, from the level that it has.
    ///
    /// - Parameters:
    ///   - logger: whose handler takes the records. Its level and metadata count as they are now.
    ///   - spans: which records a span makes.
    ///   - escapesText: whether messages, texts in fields, keys and sources are escaped.
    public init(_ logger: Logger, spans: SpanRecords = .startsAndEnds, escapesText: Bool = true) {
        handlers = HandlerTable(logger.handler)
        spanRecords = spans
        self.escapesText = escapesText
        fixedLevel = nil
    }

    /// Writes to a handler for each target, made when it is first needed and kept: for up to 256 targets
    /// (`maximumTargetCount`), since guests may name some. All others share one, made with the label `other`.
    ///
    /// - Parameters:
    ///   - maximumLevel: the most verbose level of all; each handler's own level counts besides.
    ///   - spans: which records a span makes.
    ///   - escapesText: whether messages, texts in fields, keys and targets are escaped.
    ///   - makeHandler: makes the handler of a label, not under a lock that it could want. Two threads at once may each have one
    ///     made, of which one is kept.
    public init(
        maximumLevel: Level,
        spans: SpanRecords = .startsAndEnds,
        escapesText: Bool = true,
        makeHandler: @escaping @Sendable (String) -> any LogHandler
    ) {
        handlers = HandlerTable(makeHandler: makeHandler)
        spanRecords = spans
        self.escapesText = escapesText
        fixedLevel = maximumLevel
    }

    /// How many targets have a handler of their own.
    public static let maximumTargetCount = HandlerTable.maximumCount
}

extension SwiftLogSubscriber: SelectiveSubscriber, LogReceiver {
    /// The most verbose level that a handler lets through.
    public var maximumLevel: Level { fixedLevel ?? Level(handlers.handler(for: "").logLevel) }

    /// Times, for durations.
    public var needs: SubscriberNeeds { spanRecords == .startsAndEnds ? [.timestamps, .spanStarts] : .timestamps }

    /// Whether the handler of the target lets the level through.
    public func interest(in metadata: Metadata) -> Interest {
        guard metadata.kind == .event || spanRecords != .none else { return .never }
        return Level(handlers.handler(for: shown(metadata.target)).logLevel) >= metadata.level ? .always : .never
    }

    /// The same.
    public func isEnabled(_ metadata: Metadata, in context: SpanContext?) -> Bool {
        interest(in: metadata) != .never
    }

    /// Writes `-> name`.
    public func spanDidStart(_ span: borrowing SpanView) {
        guard spanRecords == .startsAndEnds else { return }
        let metadata = span.metadata
        write(
            "-> \(metadata.name)", span.fields, metadata, origin: span.origin, in: span.context, at: span.start)
    }

    /// Writes `<- name`.
    public func spanDidEnd(_ span: borrowing SpanView) {
        guard spanRecords != .none else { return }
        let metadata = span.metadata
        var more: Logger.Metadata = [:]
        if let duration = span.durationNanoseconds { more[RecordKey.duration] = .stringConvertible(duration) }
        if case .error(let text) = span.status { more[RecordKey.error] = .string(shown(text)) }
        write(
            "<- \(metadata.name)", span.fields, metadata, origin: span.origin, in: span.context,
            at: span.end ?? span.start, more)
    }

    /// Writes an event.
    public func eventDidOccur(_ event: borrowing EventView) { log(event) }

    /// Writes an event.
    public func log(_ event: borrowing EventView) {
        write(
            event.message, event.fields, event.metadata, origin: event.origin, in: event.context, at: event.time)
    }

    /// Nothing: swift-log has no way to ask handlers for it.
    public func flush() {}
}
