// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import VitrineOTLP
import VitrineObservability

/// What goes on side by side. Each has a thread of its own and none waits for another, so a receiver that does not answer
/// for one signal holds up nothing else.
enum ExportWork: Sendable, Hashable, CaseIterable {
    /// Requests of spans.
    case spans
    /// Requests of log records.
    case logs
    /// Collections of metrics, and requests of these.
    case metrics
    /// What earlier processes left in the spool.
    case recovery
}

extension ExportPipeline {
    /// What `step` wants next.
    enum Step: Sendable, Hashable {
        /// To be called again at once.
        case again
        /// To be called when the clock shows this, or when there are news; nil: only then.
        case wait(until: UInt64?)
        /// Nothing: all is sent, or the time for it is over.
        case finish
    }

    /// Makes the request of a work that is due, if one is. Only one thread at a time calls it for the same work.
    func step(_ work: ExportWork) -> Step {
        let now = clock.now()
        let end = sendingEnd
        guard now < end else { return .finish }
        let (isDone, due) =
            switch work {
            case .spans: (sendSpans(at: now, until: end), spans.withLock { $0.due })
            case .logs: (sendLogs(at: now, until: end), logs.withLock { $0.due })
            case .metrics: (sendMetrics(at: now, until: end), metricsDue)
            case .recovery: (recover(at: now), recoveryDue)
            }
        if isDone { return .again }
        if end == .max { return .wait(until: due) }
        guard let due, due < end else { return .finish }
        return .wait(until: due)
    }

    private func sendSpans(at now: UInt64, until end: UInt64) -> Bool {
        send(.traces, spans, at: now, until: end) { (spans) throws(OTLPEncodingError) in
            try spanEncoder.encode(spans)
        }
    }

    private func sendLogs(at now: UInt64, until end: UInt64) -> Bool {
        send(.logs, logs, at: now, until: end) { (events) throws(OTLPEncodingError) in
            try logEncoder.encode(events)
        }
    }
}
