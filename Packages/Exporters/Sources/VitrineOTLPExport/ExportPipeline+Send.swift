// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import VitrineOTLP
import VitrineObservability

extension ExportPipeline {
    /// Makes one request of a signal and settles its records; says whether one was due.
    func send<Record>(
        _ signal: OTLPSignal, _ queue: borrowing Mutex<SignalQueue<Record>>, at now: UInt64, until end: UInt64,
        _ encode: ([Record]) throws(OTLPEncodingError) -> [UInt8]
    ) -> Bool {
        let elapsedLimit = configuration.elapsedLimitNanoseconds(for: signal)
        guard let batch = queue.withLock({ $0.begin(at: now, elapsedLimit: elapsedLimit) }) else { return false }
        do throws(OTLPEncodingError) {
            let body = try encode(batch.records)
            settle(batch, post(signal, body, until: end), signal, queue)
        } catch {
            switch error {
            case .noMemory: drop(batch, .noMemory, .encoding(error), signal, queue)
            default: settle(batch, .tooLarge(.encoding(error)), signal, queue)
            }
        }
        queue.withLock { showFullness($0, signal) }
        progress.notify()
        return true
    }

    func post(_ signal: OTLPSignal, _ body: [UInt8], until end: UInt64) -> ResponseVerdict {
        let start = clock.now()
        let rest = end > start ? (end - start) / 1_000_000 : 0
        let timeout = max(1, UInt32(min(UInt64(configuration.requestTimeoutMilliseconds(for: signal)), rest)))
        defer {
            let now = clock.now()
            metrics.didRequest(signal, nanoseconds: now > start ? now - start : 0)
        }
        do throws(OTLPTransportError) {
            return ResponseVerdict(try transport.send(signal, body, timeoutMilliseconds: timeout), to: signal)
        } catch {
            return .retry(.transport(error), nil)
        }
    }

    private func settle<Record>(
        _ batch: RecordBatch<Record>, _ verdict: ResponseVerdict, _ signal: OTLPSignal,
        _ queue: borrowing Mutex<SignalQueue<Record>>
    ) {
        switch verdict {
        case .success(let partial):
            let outcome = queue.withLock { $0.settleSent(batch, rejectedCount: partial?.rejectedCount ?? 0) }
            metrics.didSend(signal, outcome.sentCount)
            metrics.didDrop(signal, outcome.rejectedCount, .rejected)
            if let partial { notify?(.partialSuccess(signal, partial)) }
        case .unreadableSuccess(let error):
            let outcome = queue.withLock { $0.settleSent(batch, rejectedCount: 0) }
            metrics.didSend(signal, outcome.sentCount)
            notify?(.unreadableAnswer(signal, error))
        case .refused(let failure): drop(batch, .refused, failure, signal, queue)
        case .tooLarge(let failure):
            let count = queue.withLock { $0.settleTooLarge(batch) }
            if batch.records.count > 1 {
                notify?(.split(signal, recordCount: batch.records.count))
            } else {
                didDrop(count, .tooLarge, failure, signal)
            }
        case .retry(let failure, let retryAfter): retry(batch, failure, retryAfter, signal, queue)
        }
    }

    private func retry<Record>(
        _ batch: RecordBatch<Record>, _ failure: OTLPFailure, _ retryAfter: RetryAfter?, _ signal: OTLPSignal,
        _ queue: borrowing Mutex<SignalQueue<Record>>
    ) {
        let wait = wait(retryAfter, afterAttempt: batch.failureCount + 1)
        let elapsedLimit = configuration.elapsedLimitNanoseconds(for: signal)
        let now = clock.now()
        let (droppedCount, isRetried) = queue.withLock { queue in
            let before = queue.counts.retryCount
            let count = queue.settleFailed(batch, at: now, wait: wait, elapsedLimit: elapsedLimit)
            return (count, queue.counts.retryCount != before)
        }
        if isRetried {
            metrics.willRetry(signal)
            notify?(.retry(signal, failure, afterNanoseconds: wait))
        }
        didDrop(droppedCount, .retriesExhausted, failure, signal)
    }

    /// How long to wait after a failed attempt, in nanoseconds.
    func wait(_ retryAfter: RetryAfter?, afterAttempt attempt: Int) -> UInt64 {
        let wanted = retryAfter?.nanoseconds(from: clock.wallTime()) ?? 0
        // Who wants to be asked again at once is asked as if nothing had been said: it may say so for ever.
        if wanted > 0 { return wanted }
        return configuration.retry.delayNanoseconds(afterAttempt: attempt, random: clock.random())
    }

    private func drop<Record>(
        _ batch: RecordBatch<Record>, _ reason: OTLPDropReason, _ failure: OTLPFailure, _ signal: OTLPSignal,
        _ queue: borrowing Mutex<SignalQueue<Record>>
    ) {
        didDrop(queue.withLock { $0.settleDropped(batch, reason) }, reason, failure, signal)
    }

    func didDrop(_ count: Int, _ reason: OTLPDropReason, _ failure: OTLPFailure, _ signal: OTLPSignal) {
        guard count > 0 else { return }
        metrics.didDrop(signal, count, reason)
        notify?(.dropped(signal, recordCount: count, reason, failure))
    }
}
