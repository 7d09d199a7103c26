// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Synchronization
public import VitrineObservability

/// Collects lines and hands them to another sink many at a time: a system call for hundreds of lines in place of one each.
///
/// They go out when the memory is full, with a line that matters (a warning or an error, unless said otherwise), on
/// `flush()`, when the sink is released and when the process exits by returning from `main` or by `exit`. Between these
/// they wait, however long that is: nothing here looks at a clock. A process that is killed or traps loses what waits. Lines
/// that waited at a `fork` stay the parent's: the child's copy of the sink lets go of them.
public final class BufferedSink: LineSink {
    /// The least memory there is for lines.
    public static let minimumByteCount = 4_096

    private struct Held: ~Copyable {
        var lines = LineBuffer()
        var level = Level.trace
        /// The process that the lines are of.
        var forkCount = ForkCount.current
    }

    private let sink: any LineSink
    private let byteCount: Int
    private let flushLevel: Level
    private let held = Mutex(Held())
    /// Lines that came while the process exited and another thread was stuck in here.
    private let missedCount = Atomic<Int>(0)

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
    public var losses: LineLosses {
        var losses = sink.losses
        losses.busyCount += missedCount.load(ordering: .relaxed)
        return losses
    }

    /// Keeps the lines, or writes them with all that was kept.
    public func write(_ lines: Swift.Span<UInt8>, level: Level) {
        guard !FlushAtExit.isRunningHere else { return writeAtExit(lines, level: level) }
        let isAdopted = held.withLock { put(lines, level: level, &$0) }
        if isAdopted { FlushAtExit.add(self) }
    }

    private func writeAtExit(_ lines: Swift.Span<UInt8>, level: Level) {
        let isDone = FlushAtExit.attempt { held.withLockIfAvailable { _ = put(lines, level: level, &$0) } != nil }
        if !isDone { missedCount.wrappingAdd(lines.lineCount, ordering: .relaxed) }
    }

    /// Says whether these are the first lines in a child made by `fork`, which has to write them out at its exit.
    private func put(_ lines: Swift.Span<UInt8>, level: Level, _ held: inout Held) -> Bool {
        let isAdopted = held.forkCount != ForkCount.current
        if isAdopted {
            clear(&held)
            held.forkCount = ForkCount.current
        }
        if held.lines.count + lines.count > byteCount { writeOut(&held) }
        if lines.count > byteCount {
            sink.write(lines, level: level)
            return isAdopted
        }
        held.lines.append(contentsOf: lines)
        held.level = min(held.level, level)
        if level <= flushLevel { writeOut(&held) }
        return isAdopted
    }

    /// Writes what was kept.
    ///
    /// While the process exits, another thread that is stuck in here is waited for about a second.
    public func flush() {
        guard !FlushAtExit.isRunningHere else { return flushAtExit() }
        held.withLock { writeOut(&$0) }
        sink.flush()
    }

    private func flushAtExit() {
        if FlushAtExit.attempt({ held.withLockIfAvailable { writeOut(&$0) } != nil }) { sink.flush() }
    }

    private func writeOut(_ held: inout Held) {
        guard held.lines.count > 0 else { return }
        if held.forkCount == ForkCount.current { sink.write(held.lines.span, level: held.level) }
        clear(&held)
    }

    private func clear(_ held: inout Held) {
        held.lines.begin(byteCount: 0)
        held.level = .trace
    }
}
