// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Glibc
public import VitrineObservability

/// Writes spans, events and metrics as Chrome's trace events, JSON, for https://ui.perfetto.dev, chrome://tracing and others.
///
/// The host is one process of the trace and the guest of each sandbox another. Their lanes are shown as threads: spans of
/// one task are inside of each other, those that run at the same time are on lanes of their own. Fields are arguments, in
/// an object `fields`; an event is an instant on the lane of its span; an arrow leads from a host's span to a guest's
/// below it, and back.
///
/// `ts` counts microseconds, with nanoseconds as decimals, since midnight UTC of the day on which the writer was made; the
/// first record says which. The clock is that of `Timestamp`.
///
/// What is written waits in memory, 64 KiB at most, until there is more, `flush()`, `close()` or the end of the process. A file
/// without its end can be read. A span is written when it ends, one that is open at `close()` without an end. What
/// is beyond the limits, or refused by the kernel, is counted in `losses` and disturbs nothing. A child made by `fork`
/// writes nothing.
public final class ChromeTraceWriter: Subscriber {
    /// The most verbose level it takes.
    public let maximumLevel: Level

    private let writer: TimelineWriter<ChromeFormat>

    /// A writer to a new file, in the place of an old one.
    ///
    /// - Parameters:
    ///   - path: the file, by custom `*.json`.
    ///   - maximumLevel: the most verbose level it takes.
    ///   - limits: how much is written and kept.
    ///   - permissions: of the file, before the process's mask takes away from them.
    /// - Throws: the kernel's number if the file cannot be made or not be written.
    public convenience init(
        path: String, maximumLevel: Level = .trace, limits: TimelineLimits = TimelineLimits(),
        permissions: UInt32 = 0o640
    ) throws(TimelineError) {
        try self.init(TimelineFile(path: path, permissions: permissions), maximumLevel, limits, now: .now)
    }

    /// A writer to a file descriptor, which stays the caller's, has to stay open and is written by nobody else. After a write
    /// that the kernel takes in part it takes nothing more.
    ///
    /// - Throws: the kernel's number if it cannot be written.
    public convenience init(
        fileDescriptor: Int32, maximumLevel: Level = .trace, limits: TimelineLimits = TimelineLimits()
    ) throws(TimelineError) {
        try self.init(TimelineFile(fileDescriptor: fileDescriptor), maximumLevel, limits, now: .now)
    }

    init(
        _ file: TimelineFile, _ maximumLevel: Level, _ limits: TimelineLimits, now: Timestamp
    ) throws(TimelineError) {
        self.maximumLevel = maximumLevel
        writer = try TimelineWriter(ChromeFormat(now: now, hostProcess: getpid()), to: file, limits: limits)
    }

    /// What is not in the file, or not whole.
    public var losses: TimelineLosses { writer.losses }

    /// The times, and the starts of spans, which are given their lanes then.
    public var needs: SubscriberNeeds { [.timestamps, .spanStarts] }

    /// Gives the span a lane.
    public func spanDidStart(_ span: borrowing SpanView) { writer.begin(span) }

    /// Writes the span.
    public func spanDidEnd(_ span: borrowing SpanView) { writer.end(span) }

    /// Writes the event.
    public func eventDidOccur(_ event: borrowing EventView) { writer.occur(event) }

    /// Writes a value of each series of a snapshot, such as `registry.snapshot()`, to the series' counter track: totals as
    /// they are, of a histogram count and sum. Values that are not finite are left out. About a microsecond a series.
    public func record(_ families: [MetricFamily], at time: Timestamp = .now) {
        writer.record(CounterSample.samples(of: families), time: time.nanosecondsSinceEpoch)
    }

    /// Writes what waits, but for spans that are open.
    public func flush() { writer.flush() }

    /// Writes what waits, spans that are open as such, and the end of the file. What comes later is dropped and counted.
    public func close() { writer.close() }
}
