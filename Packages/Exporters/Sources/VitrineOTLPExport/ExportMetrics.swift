// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineOTLP
import VitrineObservability

/// The state of an exporter as metrics, which are made once.
struct ExportMetrics: Sendable {
    private struct OfSignal: Sendable {
        let held: UpDownCounter
        let sent: Counter
        let retries: Counter
        let dropped: [OTLPDropReason: Counter]
        let duration: Histogram
    }

    private let traces: OfSignal
    private let logs: OfSignal
    private let metrics: OfSignal
    private let droppedEvents: Counter

    init(_ recorder: any MetricsRecorder) {
        traces = Self.make("traces", recorder)
        logs = Self.make("logs", recorder)
        metrics = Self.make("metrics", recorder)
        droppedEvents = recorder.counter(
            "otlp_export_dropped_events_total", help: "Events beyond the most that a span may have.")
    }

    private static func make(_ signal: String, _ recorder: any MetricsRecorder) -> OfSignal {
        let labels = [("signal", signal)]
        var dropped: [OTLPDropReason: Counter] = [:]
        for reason in OTLPDropReason.allCases {
            dropped[reason] = recorder.counter(
                "otlp_export_dropped_records_total", help: "Records that were not sent, by signal and reason.",
                labels: labels + [("reason", reason.rawValue)])
        }
        return OfSignal(
            held: recorder.upDownCounter(
                "otlp_export_held_records", help: "Records that wait or are on their way, by signal.", labels: labels),
            sent: recorder.counter(
                "otlp_export_sent_records_total", help: "Records that the receiver took, by signal.", labels: labels),
            retries: recorder.counter(
                "otlp_export_retries_total", help: "Requests that are made again, by signal.", labels: labels),
            dropped: dropped,
            duration: recorder.histogram(
                "otlp_export_request_duration_seconds", unit: .seconds,
                help: "How long receivers took to answer, by signal.", labels: labels))
    }

    private func of(_ signal: OTLPSignal) -> OfSignal {
        switch signal {
        case .traces: traces
        case .metrics: metrics
        case .logs: logs
        }
    }

    func didAdmit(_ signal: OTLPSignal, _ count: Int) { of(signal).held.add(Int64(count)) }

    func didCollect(_ pointCount: Int) { metrics.held.add(Int64(pointCount)) }

    func didNotAdmit(_ signal: OTLPSignal, _ count: Int, _ reason: OTLPDropReason) {
        of(signal).dropped[reason]?.increment(by: UInt64(count))
    }

    func didSend(_ signal: OTLPSignal, _ count: Int) {
        of(signal).sent.increment(by: UInt64(count))
        of(signal).held.add(-Int64(count))
    }

    func didDrop(_ signal: OTLPSignal, _ count: Int, _ reason: OTLPDropReason) {
        of(signal).dropped[reason]?.increment(by: UInt64(count))
        of(signal).held.add(-Int64(count))
    }

    func willRetry(_ signal: OTLPSignal) { of(signal).retries.increment() }

    func didDropEvents(_ count: Int) { droppedEvents.increment(by: UInt64(count)) }

    func didRequest(_ signal: OTLPSignal, nanoseconds: UInt64) {
        of(signal).duration.record(Double(nanoseconds) / 1_000_000_000)
    }
}
