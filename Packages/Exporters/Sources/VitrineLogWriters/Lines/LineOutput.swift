// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Synchronization
internal import VitrineObservability

/// How records are written as lines.
protocol RecordLine: Sendable {
    func append(_ event: borrowing EventView, to line: inout LineBuffer)
    func append(_ span: borrowing SpanView, to line: inout LineBuffer)
}

/// What all writers of lines have in common: which records have a line, and where it goes.
struct LineOutput<Line: RecordLine>: ~Copyable {
    private let limits: LineLimits
    private let spans: SpanLines
    private let line: Line
    private let sink: any LineSink
    private let cutCount = Atomic<Int>(0)

    init(to sink: any LineSink, limits: LineLimits, spans: SpanLines, _ line: (LineLimits) -> Line) {
        self.sink = sink
        self.limits = limits.checked
        self.spans = spans
        self.line = line(self.limits)
    }

    var needs: SubscriberNeeds { spans == .startsAndEnds ? [.timestamps, .spanStarts] : [.timestamps] }

    func spanDidStart(_ span: borrowing SpanView) {
        if spans == .startsAndEnds { write(span) }
    }

    func spanDidEnd(_ span: borrowing SpanView) {
        if spans != .none { write(span) }
    }

    func eventDidOccur(_ event: borrowing EventView) {
        var buffer = begin()
        line.append(event, to: &buffer)
        end(buffer, level: event.level)
    }

    @inline(__always)
    private func write(_ span: borrowing SpanView) {
        var buffer = begin()
        line.append(span, to: &buffer)
        end(buffer, level: span.level)
    }

    /// An empty line.
    @inline(__always)
    private func begin() -> LineBuffer { ThreadLines.take(byteCount: limits.lineByteCount) }

    /// Ends the line and hands it on.
    @inline(__always)
    private func end(_ line: consuming LineBuffer, level: Level) {
        line.append("\n")
        if line.isCut { cutCount.wrappingAdd(1, ordering: .relaxed) }
        sink.write(line.span, level: level)
        ThreadLines.giveBack(line)
    }

    /// What the sink lost, and what was cut here.
    var losses: LineLosses {
        var losses = sink.losses
        losses.cutCount += cutCount.load(ordering: .relaxed)
        return losses
    }

    func flush() { sink.flush() }
}
