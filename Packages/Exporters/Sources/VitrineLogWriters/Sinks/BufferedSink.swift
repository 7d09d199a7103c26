// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Synchronization
public import VitrineObservability

/// Collects lines and hands them to another sink many at a time: a system call for hundreds of lines in place of one each.
///
/// They go out when the memory is full, with a line that matters (a warning or an error, unless said otherwise), on
/// `flush()`, when the sink is released and when the process exits by returning from `main` or by `exit`. Between these
/// they wait, however long that is: nothing here looks at a clock. A process that is killed or traps loses what waits.
public final class BufferedSink: LineSink {
    /// The least memory there is for lines.
    public static let minimumByteCount = 4_096

    private struct Held: ~Copyable {
        var lines = LineBuffer()
        var level = Level.trace
    }

    private let sink: any LineSink
    private let byteCount: Int
    private let flushLevel: Level
    private let held = Mutex(Held())

    /// A sink in front of another.
    ///
    /// - Parameters:
    ///   - sink: where the lines go.
    ///   - byteCount: how much waits at most, not less than `minimumByteCount` and at most 16 MiB.
    ///   - flushLevel: what matters enough to go out at once, with all before it.
    public init(_ sink: any LineSink, byteCount: Int = 65_536, flushLevel: Level = .warn) {
        self.sink = sink
        self.byteCount = min(max(byteCount, Self.minimumByteCount), 16 << 20)
        self.flushLevel = flushLevel
        FlushAtExit.add(self)
    }

    deinit { flush() }

    /// What the other sink lost.
    public var losses: LineLosses { sink.losses }

    /// Keeps the lines, or writes them with all that was kept.
    public func write(_ lines: Swift.Span<UInt8>, level: Level) {
        held.withLock { held in
            if held.lines.count + lines.count > byteCount { writeOut(&held) }
            if lines.count > byteCount { return sink.write(lines, level: level) }
            held.lines.append(contentsOf: lines)
            held.level = min(held.level, level)
            if level <= flushLevel { writeOut(&held) }
        }
    }

    /// Writes what was kept.
    public func flush() {
        held.withLock { writeOut(&$0) }
        sink.flush()
    }

    /// The same at the end of the process, where another thread may have been stopped while it wrote: false if it had.
    func flushIfFree() -> Bool {
        guard held.withLockIfAvailable({ writeOut(&$0) }) != nil else { return false }
        sink.flush()
        return true
    }

    private func writeOut(_ held: inout Held) {
        guard held.lines.count > 0 else { return }
        sink.write(held.lines.span, level: held.level)
        held.lines.begin(byteCount: 0)
        held.level = .trace
    }
}
