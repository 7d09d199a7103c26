// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import VitrineOTLP
import VitrineOTLPSpool
import VitrineObservability

/// How what came in goes out, one step after the other, on one thread of the caller's choice.
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
    let sender: Mutex<RequestSender>
    /// Where what is left goes, and comes from.
    let spool: OTLPSpool?
    let spooling: Mutex<Spooling>
    let recovery: Mutex<SpoolRecovery>
    let intake: RecordIntake
    let drain: Mutex<IntakeDrain>
    /// When shutting down ends, by the clock; `UInt64.max` before that.
    private let end = Atomic<UInt64>(.max)
    private let finished = Atomic<Bool>(false)
    /// There is something new for `step`.
    let news = ThreadSignal()
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
        sender = Mutex(
            RequestSender(
                try OTLPEncoder(
                    resource: resource, scope: configuration.scope, limits: configuration.encoding,
                    details: configuration.details),
                retainedByteCount: configuration.encoding.retainedByteCount))
    }

    /// What came in since the last look is counted, too: from threads that were on their way in as the intake was closed, and
    /// from those that came later.
    deinit {
        guard !intake.isInherited else { return }
        beginShutdown(until: 0)
        _ = endShutdown()
    }

    // MARK: How it goes out

    /// What `step` wants next.
    enum Step: Sendable, Hashable {
        /// To be called again at once.
        case again
        /// To be called when the clock shows this, or when there are news; nil: only then.
        case wait(until: UInt64?)
        /// Nothing: all is sent, or the time for it is over.
        case finish
    }

    /// Makes the request that is due, if one is.
    func step() -> Step {
        let now = clock.now()
        let end = end.load(ordering: .acquiring)
        guard now < end else { return .finish }
        // Metrics first: they are few. But not twice in a row while others wait, who take turns.
        let (isMetricsTurn, isLogsTurn) = sender.withLock { ($0.isMetricsTurn, $0.isLogsTurn) }
        if isMetricsTurn, sendMetrics(at: now, until: end) { return didSendLive(isMetricsTurn: false) }
        if end == .max, isRecoveryTurn, recover(at: now) { return .again }
        let isSent =
            isLogsTurn
            ? sendLogs(at: now, until: end) || sendSpans(at: now, until: end)
            : sendSpans(at: now, until: end) || sendLogs(at: now, until: end)
        if isSent { return didSendLive(isMetricsTurn: true) }
        if !isMetricsTurn, sendMetrics(at: now, until: end) { return didSendLive(isMetricsTurn: false) }
        if end == .max, recover(at: now) { return .again }
        let dues = (spans.withLock { $0.due }, logs.withLock { $0.due })
        let due = min(dues.0 ?? .max, dues.1 ?? .max, metricsDue ?? .max)
        if end != .max { return due < end ? .wait(until: due) : .finish }
        let soonest = min(due, recoveryDue ?? .max)
        return .wait(until: soonest == .max ? nil : soonest)
    }

    private func didSendLive(isMetricsTurn: Bool) -> Step {
        sender.withLock { $0.isMetricsTurn = isMetricsTurn }
        didSendLive()
        return .again
    }

    private func sendSpans(at now: UInt64, until end: UInt64) -> Bool {
        send(.traces, spans, at: now, until: end) { (sender, spans) throws(OTLPEncodingError) in
            try sender.encode(spans)
        }
    }

    private func sendLogs(at now: UInt64, until end: UInt64) -> Bool {
        send(.logs, logs, at: now, until: end) { (sender, events) throws(OTLPEncodingError) in
            try sender.encode(events)
        }
    }

    // MARK: How it ends

    /// Wants all that came, and metrics as they are now, to go out at once; gives what `isSettled` is to be asked.
    @discardableResult
    func want() -> (spanCount: Int, logCount: Int, collection: Int) {
        takeIn()
        let wanted = (spans.withLock { $0.want() }, logs.withLock { $0.want() }, wantMetrics())
        news.notify()
        return wanted
    }

    /// Whether all that had come by then was sent or dropped.
    func isSettled(_ wanted: (spanCount: Int, logCount: Int, collection: Int)) -> Bool {
        spans.withLock { $0.isSettled(wanted.spanCount) } && logs.withLock { $0.isSettled(wanted.logCount) }
            && areMetricsSettled(wanted.collection)
    }

    /// Takes in nothing more and has `step` send what is here, until a time of the clock. Events of spans that are open
    /// go out as log records. Only the first time counts.
    func beginShutdown(until time: UInt64) {
        intake.close()
        takeIn()
        spans.withLock { $0.close() }
        logs.withLock { $0.close() }
        metricsQueue.withLock { $0.close() }
        _ = end.compareExchange(
            expected: .max, desired: min(time, .max - 1), ordering: .acquiringAndReleasing)
        news.notify()
    }

    /// Drops what is still here.
    func endShutdown() -> OTLPShutdownReport {
        takeIn()
        let unsent = (spans.withLock { $0.abandon() }, logs.withLock { $0.abandon() })
        metrics.didDrop(.traces, unsent.0, .shutdown)
        metrics.didDrop(.logs, unsent.1, .shutdown)
        endRecovery()
        let unsentPointCount = endMetrics()
        return OTLPShutdownReport(
            unsentSpanCount: unsent.0, unsentLogRecordCount: unsent.1, unsentDataPointCount: unsentPointCount,
            isMissingLastMetrics: isMissingLastMetrics, spans: spans.withLock { $0.counts },
            logs: logs.withLock { $0.counts }, dataPoints: metricsQueue.withLock { $0.counts })
    }

    /// Whether nobody calls `step` any more.
    var isFinished: Bool { finished.load(ordering: .acquiring) }

    /// Nobody calls `step` any more.
    func finish() {
        finished.store(true, ordering: .releasing)
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
