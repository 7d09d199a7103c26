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
        guard let spool, spans.withLock({ $0.counts.heldCount }) + logs.withLock({ $0.counts.heldCount }) > 0 else {
            return
        }
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

    private var isSpooling: Bool {
        spooling.withLock { spooling in
            if case .underWay = spooling { return true }
            return false
        }
    }

    private func writeRest(_ spool: OTLPSpool, until end: UInt64) {
        let spanBatches = spans.withLock { $0.drain() }
        let logBatches = logs.withLock { $0.drain() }
        // The signals take turns, so that neither has all of the time.
        for index in 0..<max(spanBatches.count, logBatches.count) {
            if index < spanBatches.count {
                write(spanBatches[index], .traces, spans, spool, until: end) {
                    (sender, spans) throws(OTLPEncodingError) in try sender.encode(spans)
                }
            }
            if index < logBatches.count {
                write(logBatches[index], .logs, logs, spool, until: end) {
                    (sender, events) throws(OTLPEncodingError) in try sender.encode(events)
                }
            }
        }
        if !spanBatches.isEmpty || !logBatches.isEmpty {
            do throws(OTLPSpoolError) { try spool.synchronize() } catch { notify?(.spoolFailed(error)) }
        }
        spooling.withLock { $0 = .over }
        progress.notify()
    }

    private func write<Record>(
        _ batch: RecordBatch<Record>, _ signal: OTLPSignal, _ queue: borrowing Mutex<SignalQueue<Record>>,
        _ spool: OTLPSpool, until end: UInt64,
        _ encode: (inout RequestSender, [Record]) throws(OTLPEncodingError) -> [UInt8]
    ) {
        // What is not written then is dropped with all that is held.
        guard isSpooling, clock.now() < end else { return }
        let encoded = sender.withLock { sender -> Result<[UInt8], OTLPEncodingError> in
            do throws(OTLPEncodingError) { return .success(try encode(&sender, batch.records)) } catch {
                return .failure(error)
            }
        }
        let body: [UInt8]
        switch encoded {
        case .success(let bytes): body = bytes
        case .failure(.noMemory): return drop(batch, signal, queue, .noMemory, .encoding(.noMemory))
        case .failure(let error):
            return halve(batch, signal, queue, spool, until: end, encode, failure: .encoding(error))
        }
        do throws(OTLPSpoolError) {
            let draft = try spool.draft(
                signal, recordCount: batch.records.count, body: body, time: clock.wallTime(),
                isOver: { !isSpooling || clock.now() >= end }, dropped: didLose)
            try keep(draft, batch, signal, queue)
        } catch {
            switch error {
            case .tooLarge: halve(batch, signal, queue, spool, until: end, encode, failure: nil)
            case .full: drop(batch, signal, queue, .spoolFull, nil)
            default:
                notify?(.spoolFailed(error))
                drop(batch, signal, queue, .spoolFailed, nil)
            }
        }
    }

    /// Puts a file in and counts it, in one step: what is counted as dropped when the time is over is not there.
    private func keep<Record>(
        _ draft: consuming SpoolDraft, _ batch: RecordBatch<Record>, _ signal: OTLPSignal,
        _ queue: borrowing Mutex<SignalQueue<Record>>
    ) throws(OTLPSpoolError) {
        var draft: SpoolDraft? = draft
        let isKept = try spooling.withLock { spooling throws(OTLPSpoolError) -> Bool in
            guard case .underWay = spooling, let draft = draft.take() else { return false }
            try draft.keep()
            queue.withLock { $0.settleSpooled(batch) }
            return true
        }
        if isKept { metrics.didSpool(signal, batch.records.count) }
    }

    private func halve<Record>(
        _ batch: RecordBatch<Record>, _ signal: OTLPSignal, _ queue: borrowing Mutex<SignalQueue<Record>>,
        _ spool: OTLPSpool, until end: UInt64,
        _ encode: (inout RequestSender, [Record]) throws(OTLPEncodingError) -> [UInt8], failure: OTLPFailure?
    ) {
        guard let (first, second) = batch.halves else { return drop(batch, signal, queue, .tooLarge, failure) }
        write(first, signal, queue, spool, until: end, encode)
        write(second, signal, queue, spool, until: end, encode)
    }

    private func drop<Record>(
        _ batch: RecordBatch<Record>, _ signal: OTLPSignal, _ queue: borrowing Mutex<SignalQueue<Record>>,
        _ reason: OTLPDropReason, _ failure: OTLPFailure?
    ) {
        let isCounted = spooling.withLock { spooling in
            guard case .underWay = spooling else { return false }
            queue.withLock { $0.settleUnspooled(batch, reason) }
            return true
        }
        guard isCounted else { return }
        metrics.didDrop(signal, batch.records.count, reason)
        notify?(.dropped(signal, recordCount: batch.records.count, reason, failure))
    }
}
