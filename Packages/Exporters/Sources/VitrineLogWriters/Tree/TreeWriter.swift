// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Synchronization
public import VitrineObservability

/// A subscriber that prints each finished trace as one tree, for people.
///
/// A tree is printed when its root ends, in one piece, by the thread that ended it; a root is a span whose parent this
/// writer does not know. What comes later for a printed tree, and what goes beyond the limits, is counted in `losses`
/// and not shown. When there is no room for another tree the oldest one is printed as far as it has come. Text of guests is escaped: it can forge neither a line nor a terminal sequence.
///
/// Meant for development and small tools: a busy service gives its spans to an exporter instead.
public final class TreeWriter: Subscriber {
    /// The most verbose level it takes.
    public let maximumLevel: Level

    private struct Output {
        var failureCount = 0
        var lastErrno: Int32 = 0
    }

    private let limits: TreeWriterLimits
    private let palette: Palette
    private let sink: LogSink
    private let forest: Mutex<OpenForest>
    private let output = Mutex(Output())

    /// A writer to a file descriptor, which stays the caller's and has to stay open.
    ///
    /// A reader that closed its pipe or a full disk does not disturb the program; such texts are counted as lost.
    public convenience init(
        fileDescriptor: Int32 = 1,
        maximumLevel: Level = .trace,
        color: ColorChoice = .automatic,
        limits: TreeWriterLimits = TreeWriterLimits()
    ) {
        let output = FileDescriptorSink(fileDescriptor)
        self.init(
            maximumLevel: maximumLevel,
            isColored: color.isColored(fileDescriptor: fileDescriptor),
            limits: limits
        ) { (text) throws(LogSinkError) in
            let (_, number) = output.put(ContiguousArray(text.utf8).span)
            if number != 0 { throw LogSinkError(errno: number) }
        }
    }

    /// A writer to a closure, which gets whole trees, one call at a time.
    public init(
        maximumLevel: Level = .trace,
        isColored: Bool = false,
        limits: TreeWriterLimits = TreeWriterLimits(),
        sink: @escaping LogSink
    ) {
        self.maximumLevel = maximumLevel
        self.limits = limits
        self.sink = sink
        palette = Palette(isColored: isColored)
        forest = Mutex(OpenForest(limits: limits))
    }

    /// What could not be shown so far.
    public var losses: TreeWriterLosses {
        var losses = TreeWriterLosses()
        forest.withLock { forest in
            losses.spanCount = forest.droppedSpanCount
            losses.eventCount = forest.droppedEventCount
            losses.evictedTreeCount = forest.evictedTreeCount
        }
        output.withLock { output in
            losses.writeCount = output.failureCount
            losses.lastErrno = output.lastErrno
        }
        return losses
    }

    /// The times, and the starts of spans.
    public var needs: SubscriberNeeds { [.timestamps, .spanStarts] }

    /// Keeps the span until its root ends. Prints the oldest tree if that has to make room.
    public func spanDidStart(_ span: borrowing SpanView) {
        let record = SpanRecord(span)
        let evicted = forest.withLock { $0.start(record) }
        if let evicted { write(TreeText.string(evicted, palette: palette)) }
    }

    /// Completes the span, and prints the tree if it was its root.
    public func spanDidEnd(_ span: borrowing SpanView) {
        let record = SpanRecord(span)
        let tree = forest.withLock { $0.end(record) }
        if let tree { write(TreeText.string(tree, palette: palette)) }
    }

    /// Keeps the event with its span, or prints it at once if it has none.
    public func eventDidOccur(_ event: borrowing EventView) {
        let record = EventRecord(event)
        let (isKept, evicted) = forest.withLock { $0.add(record) }
        if let evicted { write(TreeText.string(evicted, palette: palette)) }
        if !isKept { write(TreeText.string(limits.bounded(record), palette: palette)) }
    }

    /// Prints all trees as far as they have come, for example before the process ends; their open spans say so.
    public func flush() {
        for tree in forest.withLock({ $0.removeAll() }) {
            write(TreeText.string(tree, palette: palette))
        }
    }

    private func write(_ text: String) {
        guard FlushAtExit.isRunningHere else { return output.withLock { put(text, &$0) } }
        // Another thread may be stuck in the sink for good; the tree is lost then, as nobody is left to count it.
        _ = FlushAtExit.attempt { output.withLockIfAvailable { put(text, &$0) } != nil }
    }

    private func put(_ text: String, _ output: inout Output) {
        do throws(LogSinkError) {
            try sink(text)
        } catch {
            output.failureCount += 1
            output.lastErrno = error.errno
        }
    }
}
