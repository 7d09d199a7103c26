// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import VitrineOTLP
import VitrineOTLPSpool
import VitrineObservability

/// Whether what is left is being written into the spool.
enum Spooling: Sendable {
    case notYet
    case underWay
    /// All was written that could be, or the time is over: nothing more goes in.
    case over
}

/// Writes what is left at the end into the spool.
extension ExportPipeline {
    /// How much of the time for shutting down is not for sending.
    func spoolReserveNanoseconds(ofMilliseconds milliseconds: UInt32) -> UInt64 {
        spool == nil ? 0 : UInt64(min(configuration.spoolReserveMilliseconds, milliseconds / 4)) * 1_000_000
    }

    /// Writes what is left on a thread of its own, as nobody knows how long a disk takes; returns when that is done, or at a
    /// time of the clock. Only the first time counts; another call waits for the first.
    func spoolRest(until end: UInt64) {
        guard let spool, isAnythingLeft else { return }
        let isFirst = spooling.withLock { spooling in
            defer { if case .notYet = spooling { spooling = .underWay } }
            if case .notYet = spooling { return true }
            return false
        }
        if isFirst, ExportThread.start({ self.writeRest(spool, until: end) }) != 0 { writeRest(spool, until: end) }
        while isSpooling, clock.now() < end {
            let known = progress.count
            if isSpooling { progress.wait(beyond: known, until: end) }
        }
        spooling.withLock { $0 = .over }
    }

    private var isAnythingLeft: Bool {
        spans.withLock { $0.counts.heldCount } > 0 || logs.withLock { $0.counts.heldCount } > 0
            || metricsSource != nil && metricsQueue.withLock { $0.counts.heldCount > 0 || $0.isLastMissing }
    }

    private var isSpooling: Bool {
        spooling.withLock { spooling in
            if case .underWay = spooling { return true }
            return false
        }
    }

    private func writeRest(_ spool: OTLPSpool, until end: UInt64) {
        // What is collected already is small. What is not comes last: a source of the program's own may take its time.
        let isCollectionMissing = metricsSource != nil && metricsQueue.withLock { $0.isLastMissing }
        var isAnyWritten = !isCollectionMissing && writeMetrics(spool, until: end)
        let spanBatches = spans.withLock { $0.drain() }
        let logBatches = logs.withLock { $0.drain() }
        // The signals take turns, so that neither has all of the time.
        for index in 0..<max(spanBatches.count, logBatches.count) {
            isAnyWritten = true
            if index < spanBatches.count { write(spanBatches[index], of: leftSpans, spool, until: end) }
            if index < logBatches.count { write(logBatches[index], of: leftLogs, spool, until: end) }
        }
        if isCollectionMissing, let source = metricsSource, isSpooling, clock.now() < end {
            collect(source, at: clock.now())
            isAnyWritten = writeMetrics(spool, until: end) || isAnyWritten
        }
        if isAnyWritten {
            do throws(OTLPSpoolError) { try spool.synchronize() } catch { notify?(.spoolFailed(error)) }
        }
        spooling.withLock { $0 = .over }
        progress.notify()
    }

    /// Says whether there was anything to be written.
    private func writeMetrics(_ spool: OTLPSpool, until end: UInt64) -> Bool {
        guard let source = metricsSource else { return false }
        let left = Leftovers<MetricsBatch>(.metrics) { (batch) throws(OTLPEncodingError) in
            try self.metricsEncoder.encode(batch, of: source)
        } settle: { batch, reason in
            self.metricsQueue.withLock { $0.settleDrained(batch, reason) }
        }
        let batches = metricsQueue.withLock { $0.drain() }
        for batch in batches { write(batch, of: left, spool, until: end) }
        return !batches.isEmpty
    }

    private var leftSpans: Leftovers<RecordBatch<OTLPSpan>> {
        Leftovers(.traces) { (batch) throws(OTLPEncodingError) in
            try self.spanEncoder.encode(batch.records)
        } settle: { batch, reason in
            self.spans.withLock { $0.settleDrained(batch, reason) }
        }
    }

    private var leftLogs: Leftovers<RecordBatch<EventRecord>> {
        Leftovers(.logs) { (batch) throws(OTLPEncodingError) in
            try self.logEncoder.encode(batch.records)
        } settle: { batch, reason in
            self.logs.withLock { $0.settleDrained(batch, reason) }
        }
    }

    private func write<Batch>(_ batch: Batch, of left: Leftovers<Batch>, _ spool: OTLPSpool, until end: UInt64) {
        // What is not written then is dropped with all that is held.
        guard isSpooling, clock.now() < end else { return }
        let body: [UInt8]
        do throws(OTLPEncodingError) { body = try left.encode(batch) } catch {
            switch error {
            case .noMemory: return drop(batch, of: left, .noMemory, .encoding(error))
            default: return halve(batch, of: left, spool, until: end, failure: .encoding(error))
            }
        }
        do throws(OTLPSpoolError) {
            let draft = try spool.draft(
                left.signal, recordCount: batch.recordCount, body: body, time: clock.wallTime(),
                isOver: { !isSpooling || clock.now() >= end }, dropped: didLose)
            try keep(draft, batch, of: left)
        } catch {
            switch error {
            case .tooLarge: halve(batch, of: left, spool, until: end, failure: nil)
            case .full: drop(batch, of: left, .spoolFull, nil)
            default:
                notify?(.spoolFailed(error))
                drop(batch, of: left, .spoolFailed, nil)
            }
        }
    }

    /// Puts a file in and counts it, in one step: what is counted as dropped when the time is over is not there.
    private func keep<Batch>(
        _ draft: consuming SpoolDraft, _ batch: Batch, of left: Leftovers<Batch>
    ) throws(OTLPSpoolError) {
        var draft: SpoolDraft? = draft
        let isKept = try spooling.withLock { spooling throws(OTLPSpoolError) -> Bool in
            guard case .underWay = spooling, let draft = draft.take() else { return false }
            try draft.keep()
            left.settle(batch, nil)
            return true
        }
        if isKept { metrics.didSpool(left.signal, batch.recordCount) }
    }

    private func halve<Batch>(
        _ batch: Batch, of left: Leftovers<Batch>, _ spool: OTLPSpool, until end: UInt64, failure: OTLPFailure?
    ) {
        guard let (first, second) = batch.halves else { return drop(batch, of: left, .tooLarge, failure) }
        write(first, of: left, spool, until: end)
        write(second, of: left, spool, until: end)
    }

    private func drop<Batch>(
        _ batch: Batch, of left: Leftovers<Batch>, _ reason: OTLPDropReason, _ failure: OTLPFailure?
    ) {
        let isCounted = spooling.withLock { spooling in
            guard case .underWay = spooling else { return false }
            left.settle(batch, reason)
            return true
        }
        guard isCounted else { return }
        metrics.didDrop(left.signal, batch.recordCount, reason)
        notify?(.dropped(left.signal, recordCount: batch.recordCount, reason, failure))
    }
}
