// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Synchronization
internal import VitrineObservability

/// What all writers of lines have in common: where a line comes from and where it goes.
struct LineOutput: ~Copyable {
    let limits: LineLimits
    let spans: SpanLines
    private let sink: any LineSink
    private let cutCount = Atomic<Int>(0)

    init(to sink: any LineSink, limits: LineLimits, spans: SpanLines) {
        self.sink = sink
        self.limits = limits.checked
        self.spans = spans
    }

    var needs: SubscriberNeeds { spans == .startsAndEnds ? [.timestamps, .spanStarts] : [.timestamps] }

    /// An empty line.
    @inline(__always)
    func begin() -> LineBuffer { ThreadLines.take(byteCount: limits.lineByteCount) }

    /// Ends the line and hands it on.
    @inline(__always)
    func end(_ line: consuming LineBuffer, level: Level) {
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
