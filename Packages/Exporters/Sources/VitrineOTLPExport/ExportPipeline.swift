// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import VitrineOTLP
import VitrineOTLPSpool
import VitrineObservability

/// How what came in goes out: several works side by side, each one step after the other, on threads of the caller's choice.
///
/// Nothing here waits: `step` says when it wants to be called again. So tests drive it with a clock of their own.
final class ExportPipeline: Sendable {
    let configuration: OTLPExportConfiguration
    let clock: ExportClock
    let metrics: ExportMetrics
    let transport: any OTLPTransport
    let notify: (@Sendable (OTLPExportNotice) -> Void)?
    let spans: Mutex<SignalQueue<OTLPSpan>>
    let logs: Mutex<SignalQueue<EventRecord>>
    let metricsSource: OTLPMetricsSource?
    let metricsQueue: Mutex<MetricsQueue>
    let spanEncoder: RequestEncoder
    let logEncoder: RequestEncoder
    let metricsEncoder: RequestEncoder
    /// Where what is left goes, and comes from.
    let spool: OTLPSpool?
    let spooling: Mutex<Spooling>
    let recovery: Mutex<SpoolRecovery>
    let intake: RecordIntake
    let drain: Mutex<IntakeDrain>
    /// When shutting down ends, by the clock; `UInt64.max` before that.
    private let end = Atomic<UInt64>(.max)
    private let unfinishedCount: Atomic<Int>
    private let isOver = Atomic<Bool>(false)
    /// There is something new for `step`: of each work that there is, as who has nothing to do is not to be woken.
    let news: [ExportWork: ThreadSignal]
    /// There is something new for those who wait for it.
    let progress = ThreadSignal()

    init(
        _ configuration: OTLPExportConfiguration, _ resource: OTLPResource, _ transport: any OTLPTransport,
        _ recorder: any MetricsRecorder, _ metricsSource: OTLPMetricsSource? = nil, clock: ExportClock,
        spool: OTLPSpool? = nil,
        notify: (@Sendable (OTLPExportNotice) -> Void)?
    ) throws(OTLPEncodingError) {
        self.configuration = configuration
        self.transport = transport
        self.clock = clock
        self.notify = notify
        self.spool = spool
        spooling = Mutex(.notYet)
        recovery = Mutex(SpoolRecovery(recorder))
        metrics = ExportMetrics(recorder)
        spans = Mutex(SignalQueue(configuration.spans))
        logs = Mutex(SignalQueue(configuration.logs))
        self.metricsSource = configuration.signals.contains(.metrics) ? metricsSource : nil
        metricsQueue = Mutex(
            MetricsQueue(
                intervalMilliseconds: configuration.metricsIntervalMilliseconds,
                timeoutMilliseconds: configuration.metricsTimeoutMilliseconds, from: clock.now()))
        let (byteCount, isTooLarge) = max(0, configuration.spans.byteCount)
            .addingReportingOverflow(max(0, configuration.logs.byteCount))
        intake = RecordIntake(
            byteCount: isTooLarge ? .max : byteCount,
            batchRecordCount: min(configuration.spans.newsworthyCount, configuration.logs.newsworthyCount))
        drain = Mutex(IntakeDrain(intake, configuration.openSpans))
        var news: [ExportWork: ThreadSignal] = [:]
        if configuration.signals.contains(.traces) { news[.spans] = ThreadSignal() }
        if configuration.signals.contains(.logs) { news[.logs] = ThreadSignal() }
        if self.metricsSource != nil { news[.metrics] = ThreadSignal() }
        if spool != nil { news[.recovery] = ThreadSignal() }
        self.news = news
        unfinishedCount = Atomic(news.count)
        // They have no memory to speak of before they are used.
        spanEncoder = try RequestEncoder(configuration, resource)
        logEncoder = try RequestEncoder(configuration, resource)
        metricsEncoder = try RequestEncoder(configuration, resource)
    }

    /// What came in since the last look is counted, too: from threads that were on their way in as the intake was closed, and
    /// from those that came later.
    deinit {
        guard !intake.isInherited else { return }
        beginShutdown(until: 0)
        _ = endShutdown()
    }

    /// What there is to do.
    var works: [ExportWork] { ExportWork.allCases.filter { news[$0] != nil } }

    /// What is wanted to go out at once.
    typealias Wanted = (spanCount: Int, logCount: Int, collection: Int)

    /// Wants all that came, and metrics as they are now, to go out at once; gives what `isSettled` is to be asked.
    @discardableResult
    func want() -> Wanted {
        takeIn()
        let wanted = (spans.withLock { $0.want() }, logs.withLock { $0.want() }, wantMetrics())
        for (work, news) in news where !isSettled(work, wanted) { news.notify() }
        return wanted
    }

    /// Whether all that had come by then was sent or dropped.
    func isSettled(_ wanted: Wanted) -> Bool { news.keys.allSatisfy { isSettled($0, wanted) } }

    private func isSettled(_ work: ExportWork, _ wanted: Wanted) -> Bool {
        switch work {
        case .spans: spans.withLock { $0.isSettled(wanted.spanCount) }
        case .logs: logs.withLock { $0.isSettled(wanted.logCount) }
        case .metrics: metricsQueue.withLock { $0.isSettled(wanted.collection) }
        case .recovery: true
        }
    }

    // MARK: How it ends

    /// When sending ends, by the clock; `UInt64.max` if nobody has said.
    var sendingEnd: UInt64 { end.load(ordering: .acquiring) }

    /// Takes in nothing more and has `step` send what is here, until a time of the clock; what was found in the spool stays
    /// there. Events of spans that are open go out as log records. Only the first time counts; says whether it was.
    @discardableResult
    func beginShutdown(until time: UInt64) -> Bool {
        intake.close()
        takeIn()
        spans.withLock { $0.close() }
        logs.withLock { $0.close() }
        metricsQueue.withLock { $0.close() }
        recovery.withLock { $0.end() }
        let isFirst = end.compareExchange(
            expected: .max, desired: min(time, .max - 1), ordering: .acquiringAndReleasing
        ).exchanged
        for news in news.values { news.notify() }
        return isFirst
    }

    /// Drops what is still here.
    func endShutdown() -> OTLPShutdownReport {
        defer {
            isOver.store(true, ordering: .releasing)
            progress.notify()
        }
        takeIn()
        let unsent = (spans.withLock { $0.abandon() }, logs.withLock { $0.abandon() })
        metrics.didDrop(.traces, unsent.0, .shutdown)
        metrics.didDrop(.logs, unsent.1, .shutdown)
        return report(unsent: (unsent.0, unsent.1, endMetrics()))
    }

    /// What became of all so far, for who does not shut down itself: what is held has not been sent.
    var reportSoFar: OTLPShutdownReport {
        takeIn()
        return report(
            unsent: (
                spans.withLock { $0.counts.heldCount }, logs.withLock { $0.counts.heldCount },
                metricsQueue.withLock { $0.counts.heldCount }
            ))
    }

    private func report(unsent: (spans: Int, logs: Int, dataPoints: Int)) -> OTLPShutdownReport {
        OTLPShutdownReport(
            unsentSpanCount: unsent.spans, unsentLogRecordCount: unsent.logs, unsentDataPointCount: unsent.dataPoints,
            isMissingLastMetrics: isMissingLastMetrics, spans: spans.withLock { $0.counts },
            logs: logs.withLock { $0.counts }, dataPoints: metricsQueue.withLock { $0.counts })
    }

    /// Whether what was not sent was dropped.
    var isShutDown: Bool { isOver.load(ordering: .acquiring) }

    /// Whether nobody calls `step` any more, for any work.
    var isFinished: Bool { unfinishedCount.load(ordering: .acquiring) <= 0 }

    /// Nobody calls `step` any more for one of the works.
    func finish() {
        unfinishedCount.wrappingSubtract(1, ordering: .acquiringAndReleasing)
        progress.notify()
    }

    /// How many events were dropped because their span had too many.
    var droppedEventCount: Int {
        if intake.isInherited { return 0 }
        takeIn()
        return drain.withLock { $0.droppedEventCount }
    }

    /// What became so far of all records of a signal, those that were just emitted included.
    func counts(_ signal: OTLPSignal) -> OTLPExportCounts {
        // A lock may be held for ever in a child.
        if intake.isInherited { return OTLPExportCounts() }
        takeIn()
        return switch signal {
        case .traces: spans.withLock { $0.counts }
        case .metrics: metricsQueue.withLock { $0.counts }
        case .logs: logs.withLock { $0.counts }
        }
    }
}
