// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineOTLP
import VitrineObservability

/// The state of a recovery as metrics, which are made once.
struct RecoveryMetrics: Sendable {
    private let sent: [OTLPSignal: Counter]
    private let dropped: [OTLPDropReason: [OTLPSignal: Counter]]
    private let refusedFiles: Counter

    init(_ recorder: any MetricsRecorder) {
        sent = Self.make { signal in
            recorder.counter(
                "otlp_export_recovered_records_total",
                help: "Records of earlier processes that the receiver took, by signal.", labels: [("signal", signal)])
        }
        var dropped: [OTLPDropReason: [OTLPSignal: Counter]] = [:]
        for reason in [OTLPDropReason.refused, .rejected, .tooLarge, .spoolFull, .spoolExpired] {
            dropped[reason] = Self.make { signal in
                recorder.counter(
                    "otlp_export_recovered_dropped_records_total",
                    help: "Records of earlier processes that were not sent, by signal and reason.",
                    labels: [("signal", signal), ("reason", reason.rawValue)])
            }
        }
        self.dropped = dropped
        refusedFiles = recorder.counter(
            "otlp_export_refused_spool_files_total", help: "Files of the spool that could not be read.")
    }

    private static func make(_ counter: (String) -> Counter) -> [OTLPSignal: Counter] {
        [.traces: counter("traces"), .metrics: counter("metrics"), .logs: counter("logs")]
    }

    func didSend(_ signal: OTLPSignal, _ count: Int) { sent[signal]?.increment(by: UInt64(count)) }

    func didDrop(_ signal: OTLPSignal, _ count: Int, _ reason: OTLPDropReason) {
        dropped[reason]?[signal]?.increment(by: UInt64(count))
    }

    func didRefuseFile() { refusedFiles.increment() }
}
