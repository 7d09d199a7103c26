// SPDX-License-Identifier: MIT OR Apache-2.0

public import VitrineObservability

/// Writes each event, and each span at its end, as one line for people.
///
/// Text of guests is escaped and bounded: it makes no line, no terminal sequence and nothing invisible. The message stands
/// in the line without quotation marks, so programs should read `JSONLinesWriter` or `LogfmtWriter` instead.
///
/// About 140 ns for a compact line with two fields, the core's 40 among them, and what the sink takes. Allocates
/// nothing but for floating-point values.
public final class LineWriter: Subscriber, LogReceiver {
    /// The most verbose level it takes.
    public let maximumLevel: Level

    private let output: LineOutput<TextLine>

    /// A writer to a file descriptor, which stays the caller's and has to stay open.
    public convenience init(
        fileDescriptor: Int32 = 1,
        format: LineFormat = .compact,
        maximumLevel: Level = .trace,
        spans: SpanLines = .ends,
        color: ColorChoice = .automatic,
        limits: LineLimits = LineLimits()
    ) {
        self.init(
            to: FileDescriptorSink(fileDescriptor), format: format, maximumLevel: maximumLevel, spans: spans,
            isColored: color.isColored(fileDescriptor: fileDescriptor), limits: limits)
    }

    /// A writer to a sink.
    public init(
        to sink: any LineSink,
        format: LineFormat = .compact,
        maximumLevel: Level = .trace,
        spans: SpanLines = .ends,
        isColored: Bool = false,
        limits: LineLimits = LineLimits()
    ) {
        self.maximumLevel = maximumLevel
        let palette = Palette(isColored: isColored)
        output = LineOutput(to: sink, limits: limits, spans: spans) { limits in
            TextLine(format: format, palette: palette, limits: limits)
        }
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
