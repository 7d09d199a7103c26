// SPDX-License-Identifier: MIT OR Apache-2.0

/// A log, for programs that have one and no subscriber: see `Telemetry.installLog`.
public protocol LogReceiver: Sendable {
    /// The most verbose level wanted. Asked for when it is installed, and on `Telemetry.reconsider()`.
    var maximumLevel: Level { get }

    /// Takes a record, on the thread that made it. What it emits itself meanwhile is dropped.
    func log(_ event: borrowing EventView)

    /// Hands on what it holds back.
    func flush()
}

/// Spans and events as the records of a log.
///
/// An event is the record it is. A span is two, at its own level: `-> name` with the fields it began with, and
/// `<- name` with all of them, its duration in nanoseconds (`duration_ns`) and, if it failed, what failed (`error`).
struct LogFallback: SelectiveSubscriber {
    let log: any LogReceiver

    init(_ log: any LogReceiver) {
        self.log = log
    }

    var maximumLevel: Level { log.maximumLevel }
    var needs: SubscriberNeeds { [.timestamps, .spanStarts] }

    // A log may be choosy too.
    func interest(in metadata: Metadata) -> Interest {
        (log as? any SelectiveSubscriber)?.interest(in: metadata) ?? .always
    }

    func isEnabled(_ metadata: Metadata, in context: SpanContext?) -> Bool {
        (log as? any SelectiveSubscriber)?.isEnabled(metadata, in: context) ?? true
    }

    func spanDidStart(_ span: borrowing SpanView) {
        emit(span, "-> \(span.metadata.name)", at: span.start, [Field](copying: span.fields))
    }

    func spanDidEnd(_ span: borrowing SpanView) {
        var fields = [Field](copying: span.fields)
        if let duration = span.durationNanoseconds { fields.append(Field("duration_ns", duration)) }
        if case .error(let text) = span.status { fields.append(Field("error", text)) }
        emit(span, "<- \(span.metadata.name)", at: span.end ?? span.start, fields)
    }

    func eventDidOccur(_ event: borrowing EventView) { log.log(event) }

    func flush() { log.flush() }

    private func emit(_ span: borrowing SpanView, _ message: String, at time: Timestamp, _ fields: [Field]) {
        let record = EventRecord(
            context: span.context, metadata: span.metadata, origin: span.origin, time: time, message: message,
            fields: fields)
        let site = span.callSite
        withExtendedLifetime(site) {
            record.withView(SiteReference(outlivedBy: site)) { log.log($0) }
        }
    }
}
