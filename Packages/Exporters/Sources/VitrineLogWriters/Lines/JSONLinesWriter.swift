// SPDX-License-Identifier: MIT OR Apache-2.0

public import VitrineObservability

/// Writes each event, and each span at its end, as one JSON object in a line of its own.
///
/// Keys: `time` (RFC 3339, UTC, microseconds; of a span its end), `level`, `origin` (`host` or `guest`), `target`, `message`
/// or `span` (its name), `trace_id`, `span_id`, `parent_span_id`, `duration_ns`, `status` (`unset`, `ok`, `error`) with
/// `error`, `phase` (`start`, of a span that began), `file`, `line`, `fields` with what the program or the guest named, and
/// `cut` where the limits left something out. What is unknown is missing.
///
/// The line is valid JSON whatever was said, and has no character that a terminal would obey or hide. Integers are JSON
/// numbers of up to 64 bits, exact here; a reader that takes them for doubles loses what is beyond 2^53. What JSON has no
/// number for is the text `NaN`, `Infinity` or `-Infinity`. A key that was given twice stands in `fields` twice.
///
/// About 155 ns for a line with two fields, the core's 40 among them, and what the sink takes. Allocates
/// nothing but for floating-point values.
public final class JSONLinesWriter: Subscriber, LogReceiver {
    /// The most verbose level it takes.
    public let maximumLevel: Level

    private let output: LineOutput<JSONLine>

    /// A writer to a file descriptor, which stays the caller's and has to stay open.
    public convenience init(
        fileDescriptor: Int32 = 1,
        maximumLevel: Level = .trace,
        spans: SpanLines = .ends,
        limits: LineLimits = LineLimits()
    ) {
        self.init(to: FileDescriptorSink(fileDescriptor), maximumLevel: maximumLevel, spans: spans, limits: limits)
    }

    /// A writer to a sink.
    public init(
        to sink: any LineSink,
        maximumLevel: Level = .trace,
        spans: SpanLines = .ends,
        limits: LineLimits = LineLimits()
    ) {
        self.maximumLevel = maximumLevel
        output = LineOutput(to: sink, limits: limits, spans: spans) { JSONLine(limits: $0) }
    }

    /// What did not come out, or not whole.
    public var losses: LineLosses { output.losses }

    /// The times, and the starts of spans if they have a line.
    public var needs: SubscriberNeeds { output.needs }

    /// Writes the line of the start, if there is one.
    public func spanDidStart(_ span: borrowing SpanView) { output.spanDidStart(span) }

    /// Writes the line of the end, if there is one.
    public func spanDidEnd(_ span: borrowing SpanView) { output.spanDidEnd(span) }

    /// Writes the line.
    public func eventDidOccur(_ event: borrowing EventView) { output.eventDidOccur(event) }

    /// Writes the line.
    public func log(_ event: borrowing EventView) { eventDidOccur(event) }

    /// Has the sink write what it holds back.
    public func flush() { output.flush() }
}
