// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import VitrineOTLP
import VitrineObservability

extension ExportPipeline {
    /// When something is to be done about metrics; nil if never, or if there are none.
    var metricsDue: UInt64? { metricsSource == nil ? nil : metricsQueue.withLock { $0.due } }

    /// Wants metrics as they are now to go out at once; gives what their queue is to be asked.
    func wantMetrics() -> Int { metricsQueue.withLock { $0.want() } }

    /// Collects metrics and makes a request of them; says whether one of both was due.
    func sendMetrics(at now: UInt64, until end: UInt64) -> Bool {
        guard let source = metricsSource else { return false }
        // In one step with the request: where collections are always due, no request would have its turn otherwise.
        let isCollected = metricsQueue.withLock { $0.isCollectionDue(at: now) }
        if isCollected { collect(source, at: now) }
        if isCollected, clock.now() >= end { return true }
        guard let (batch, batchEnd) = metricsQueue.withLock({ $0.begin(at: now) }) else { return isCollected }
        do throws(OTLPEncodingError) {
            let body = try metricsEncoder.encode(batch, of: source)
            settle(batch, post(.metrics, body, until: min(end, batchEnd)))
        } catch {
            switch error {
            case .noMemory: dropMetrics(.noMemory, .encoding(error))
            default: settle(batch, .tooLarge(.encoding(error)))
            }
        }
        progress.notify()
        return true
    }

    func collect(_ source: OTLPMetricsSource, at now: UInt64) {
        // Outside of the lock: a source of the program's own may take its time, until all is over.
        let batch = MetricsBatch(source.collect(), at: clock.wallTime())
        let (droppedCount, reason) = metricsQueue.withLock { $0.admit(batch, at: now) }
        metrics.didCollect(batch.pointCount)
        metrics.didDrop(.metrics, droppedCount, reason)
        if batch.pointCount == 0 { progress.notify() }
    }

    private func settle(_ batch: MetricsBatch, _ verdict: ResponseVerdict) {
        switch verdict {
        case .success(let partial):
            let outcome = metricsQueue.withLock { $0.settleSent(rejectedCount: partial?.rejectedCount ?? 0) }
            metrics.didSend(.metrics, outcome.sentCount)
            metrics.didDrop(.metrics, outcome.rejectedCount, .rejected)
            if let partial { notify?(.partialSuccess(.metrics, partial)) }
        case .unreadableSuccess(let error):
            let outcome = metricsQueue.withLock { $0.settleSent(rejectedCount: 0) }
            metrics.didSend(.metrics, outcome.sentCount)
            notify?(.unreadableAnswer(.metrics, error))
        case .refused(let failure): dropMetrics(.refused, failure)
        case .tooLarge(let failure):
            let count = metricsQueue.withLock { $0.settleTooLarge() }
            if batch.pointCount > 1 {
                notify?(.split(.metrics, recordCount: batch.pointCount))
            } else {
                didDrop(count, .tooLarge, failure, .metrics)
            }
        case .retry(let failure, let retryAfter): retry(batch, failure, retryAfter)
        }
    }

    private func retry(_ batch: MetricsBatch, _ failure: OTLPFailure, _ retryAfter: RetryAfter?) {
        let wait = wait(retryAfter, afterAttempt: batch.failureCount + 1)
        let now = clock.now()
        let (droppedCount, isRetried) = metricsQueue.withLock { queue in
            let before = queue.counts.retryCount
            return (queue.settleFailed(at: now, wait: wait), queue.counts.retryCount != before)
        }
        if isRetried {
            metrics.willRetry(.metrics)
            notify?(.retry(.metrics, failure, afterNanoseconds: wait))
        }
        didDrop(droppedCount, .retriesExhausted, failure, .metrics)
    }

    private func dropMetrics(_ reason: OTLPDropReason, _ failure: OTLPFailure) {
        didDrop(metricsQueue.withLock { $0.settleDropped(reason) }, reason, failure, .metrics)
    }

    /// Drops what is left of metrics; says how many data points.
    func endMetrics() -> Int {
        guard metricsSource != nil else { return 0 }
        let count = metricsQueue.withLock { $0.abandon() }
        metrics.didDrop(.metrics, count, .shutdown)
        return count
    }

    /// Whether metrics as they were at the end did not get to the receiver, or not all of them.
    var isMissingLastMetrics: Bool { metricsSource != nil && metricsQueue.withLock { !$0.isComplete } }
}
