// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Synchronization
public import VitrineOTLP
public import VitrineOTLPSpool
public import VitrineObservability

/// Why there is no exporter.
public enum OTLPExporterError: Error, Sendable, Hashable {
    /// There is no memory for its encoder.
    case noMemory
    /// The system gave it no thread, and this `errno`.
    case noThread(code: Int32)
}

/// Sends spans with their events, log records, and metrics if it has a source of them, to a receiver of OpenTelemetry's
/// protocol.
///
/// Spans and events are put down where they are emitted, in memory of the emitting thread's own, without a lock,
/// an allocation or a wait. One thread of the exporter's own takes them from there into queues of bounded size. Each signal
/// has another that encodes, sends and tries again, and so has what was found in a spool: none of them waits for the others'
/// receivers. An event inside a span goes with the span, any other is a log record. Spans that are not
/// sampled are left out. In a child made by `fork` its parent's exporter does nothing.
///
/// What is emitted on these threads goes to no exporter. Call `shutdown` before the program ends.
public final class OTLPExporter: Subscriber {
    private let pipeline: ExportPipeline
    /// The pipeline's.
    private let intake: IntakeReference
    /// Of the configuration, what is asked for each record.
    private let exportsSpans: Bool
    private let unsampledEventLevel: Level

    /// An exporter with its threads.
    ///
    /// - Parameters:
    ///   - resource: who sends.
    ///   - transport: how requests get to the receiver.
    ///   - configuration: limits, times and details.
    ///   - spool: where `shutdown` writes what it could not send; what is found there is sent.
    ///   - metrics: where the exporter's own state goes, as `otlp_export_…`.
    ///   - metricsSource: metrics to be exported, which may be those of the same registry.
    ///   - onNotice: told on the exporter's threads, by several at once, what is noteworthy; must not call the exporter.
    public init(
        resource: OTLPResource,
        transport: any OTLPTransport,
        configuration: OTLPExportConfiguration = OTLPExportConfiguration(),
        spool: OTLPSpool? = nil,
        metrics: any MetricsRecorder = NoOpMetricsRecorder(),
        metricsSource: OTLPMetricsSource? = nil,
        onNotice: (@Sendable (OTLPExportNotice) -> Void)? = nil
    ) throws(OTLPExporterError) {
        let pipeline: ExportPipeline
        do throws(OTLPEncodingError) {
            pipeline = try ExportPipeline(
                configuration, resource, transport, metrics, metricsSource, clock: .system, spool: spool,
                notify: onNotice)
        } catch {
            throw .noMemory
        }
        self.pipeline = pipeline
        exportsSpans = configuration.signals.contains(.traces)
        unsampledEventLevel = configuration.unsampledEventLevel
        intake = IntakeReference(outlivedBy: pipeline.intake)
        var bodies = pipeline.works.map { work in { @Sendable in Self.carryOut(work, pipeline) } }
        if takesRecords { bodies.append { @Sendable in pipeline.takeInUntilClosed() } }
        for body in bodies {
            let code = ExportThread.start(body)
            guard code != 0 else { continue }
            pipeline.beginShutdown(until: 0)
            throw .noThread(code: code)
        }
    }

    /// Drops what is left: whoever wants it sent calls `shutdown` before.
    deinit {
        guard !pipeline.intake.isInherited else { return }
        pipeline.beginShutdown(until: 0)
        _ = pipeline.endShutdown()
    }

    private static func carryOut(_ work: ExportWork, _ pipeline: ExportPipeline) {
        guard let news = pipeline.news[work] else { return }
        while true {
            let known = news.count
            switch pipeline.step(work) {
            case .again: break
            case .wait(let time): news.wait(beyond: known, until: time)
            case .finish: return pipeline.finish()
            }
        }
    }

    /// Whether spans or events are exported, and not metrics alone.
    private var takesRecords: Bool { !pipeline.configuration.signals.isDisjoint(with: [.traces, .logs]) }

    /// As configured; off where only metrics are exported.
    public var maximumLevel: Level { takesRecords ? pipeline.configuration.maximumLevel : .off }

    /// Times, and the starts of spans, so that their events are known as theirs.
    public var needs: SubscriberNeeds { [.timestamps, .spanStarts] }

    /// Makes the span known, so that its events are kept for it.
    public func spanDidStart(_ span: borrowing SpanView) {
        let context = span.context
        guard exportsSpans, context.isSampled else { return }
        intake.lend { $0.begin(context) }
    }

    /// Takes the span in.
    public func spanDidEnd(_ span: borrowing SpanView) {
        guard exportsSpans, span.context.isSampled else { return }
        intake.lend { $0.end(span) }
    }

    /// Takes the event in, for its span or as a log record.
    public func eventDidOccur(_ event: borrowing EventView) {
        // What happens in a span goes as the span does, but for what somebody should hear of all the same.
        if let context = event.context, !context.isSampled, event.metadata.level > unsampledEventLevel { return }
        intake.lend { $0.add(event) }
    }

    /// Sends what has come so far, and returns when all of it was sent or dropped, or after the configured time. Waits
    /// between attempts are not cut short.
    public func flush() {
        guard !ExportThread.isCurrent, !pipeline.intake.isInherited else { return }
        let wanted = pipeline.want()
        let end = deadline(pipeline.configuration.flushTimeoutMilliseconds)
        wait(until: end) { pipeline.isFinished || pipeline.isSettled(wanted) }
    }

    /// Takes in nothing more, sends what is left as far as the time allows, and spools the rest, or drops it if there is no
    /// spool.
    ///
    /// Events of spans that are open go out as log records. Returns at once where the next attempt would come too late, and
    /// never later than it is told, even if the transport does.
    ///
    /// Only the first call counts. Another one leaves it its time: it waits for the first, no longer than it is told itself,
    /// and tells what became of all until then.
    @discardableResult
    public func shutdown(withinMilliseconds milliseconds: UInt32) -> OTLPShutdownReport {
        if pipeline.intake.isInherited { return OTLPShutdownReport() }
        let end = deadline(milliseconds)
        let sendingEnd = end - pipeline.spoolReserveNanoseconds(ofMilliseconds: milliseconds)
        guard pipeline.beginShutdown(until: sendingEnd) else {
            if !ExportThread.isCurrent { wait(until: end) { pipeline.isShutDown } }
            return pipeline.reportSoFar
        }
        if !ExportThread.isCurrent { wait(until: sendingEnd) { pipeline.isFinished } }
        pipeline.spoolRest(until: end)
        return pipeline.endShutdown()
    }

    /// Whether this process is a child made by `fork` of the one that the exporter works in.
    package var isInherited: Bool { pipeline.intake.isInherited }

    /// What became of the spans so far.
    public var spanCounts: OTLPExportCounts { pipeline.counts(.traces) }
    /// What became of the log records so far.
    public var logRecordCounts: OTLPExportCounts { pipeline.counts(.logs) }
    /// What became of records that were found in the spool.
    public var recoveredCounts: OTLPRecoveredCounts {
        pipeline.intake.isInherited ? OTLPRecoveredCounts() : pipeline.recovery.withLock { $0.counts }
    }
    /// What became of the data points so far.
    public var dataPointCounts: OTLPExportCounts { pipeline.counts(.metrics) }
    /// How many events were dropped because their span had too many.
    public var droppedEventCount: Int { pipeline.droppedEventCount }

    private func deadline(_ milliseconds: UInt32) -> UInt64 {
        pipeline.clock.now() + UInt64(milliseconds) * 1_000_000
    }

    private func wait(until end: UInt64, _ isDone: () -> Bool) {
        while true {
            let known = pipeline.progress.count
            if isDone() || pipeline.clock.now() >= end { return }
            pipeline.progress.wait(beyond: known, until: end)
        }
    }
}

extension SpanContext {
    /// Whether the span is exported.
    @inline(__always)
    fileprivate var isSampled: Bool { flags.rawValue & TraceFlags.sampled.rawValue != 0 }
}
