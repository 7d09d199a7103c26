// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import VitrineOTLP
import VitrineOTLPSpool
import VitrineObservability

/// Sends what earlier processes left in the spool. All of it runs on the thread that calls `step` for it, but for the end.
extension ExportPipeline {
    /// When the next step is due; nil if there is none.
    var recoveryDue: UInt64? {
        guard spool != nil else { return nil }
        return recovery.withLock { recovery in
            if recovery.isOver { return nil }
            return recovery.isEmpty ? recovery.nextLook : recovery.due
        }
    }

    /// Makes the next step: looks what there is, takes a file, or sends it. False if none was due.
    func recover(at now: UInt64) -> Bool {
        guard let spool, let due = recoveryDue, due <= now else { return false }
        let (claim, name) = recovery.withLock { recovery in
            if recovery.claim == nil { recovery.begin(recovery.halves.popLast()) }
            return (recovery.claim, recovery.claim == nil ? recovery.waiting.popLast() : nil)
        }
        if let claim {
            send(claim, spool, at: now)
        } else if let name {
            take(name, spool)
        } else {
            look(spool, at: now)
        }
        return true
    }

    private func look(_ spool: OTLPSpool, at now: UInt64) {
        var names: [SpoolName] = []
        do throws(OTLPSpoolError) { names = try spool.waiting(now: clock.wallTime()) } catch {
            // Another process looks at the moment, and will not for long; but there is no haste.
            if error != .busy { notify?(.spoolFailed(error)) }
        }
        recovery.withLock { recovery in
            guard !recovery.isOver else { return }
            recovery.ignored.formIntersection(names)
            recovery.waiting = names.filter { !recovery.ignored.contains($0) }.reversed()
            // Not before that, though some of them are with other processes.
            recovery.nextLook = now &+ SpoolRecovery.lookIntervalNanoseconds
        }
    }

    private func take(_ name: SpoolName, _ spool: OTLPSpool) {
        switch spool.claim(name) {
        case .claimed(let claim): recovery.withLock { $0.begin(claim) }
        case .refused(let error, let isAside): refuse(name, error, isAside: isAside)
        case .gone, .busy: break
        }
    }

    private func refuse(_ name: SpoolName, _ error: OTLPSpoolFileError, isAside: Bool) {
        recovery.withLock { recovery in
            recovery.claim = nil
            if !isAside { recovery.ignored.insert(name) }
            recovery.counts.refusedFileCount += 1
            recovery.metrics.didRefuseFile()
        }
        notify?(.spoolFileRefused(error))
    }

    private func send(_ claim: SpoolClaim, _ spool: OTLPSpool, at now: UInt64) {
        let file: OTLPSpoolFile
        do throws(OTLPSpoolFileError) { file = try claim.read() } catch {
            // One of another version stays for a process that knows it.
            if case .version = error { return refuse(claim.name, error, isAside: false) }
            return refuse(claim.name, error, isAside: claim.setAside())
        }
        let request = RecoveredRequest(file, recovery.withLock { $0.part })
        let signal = request.signal
        if clock.wallTime().nanoseconds(since: request.time) > spool.ageNanoseconds {
            return settle(claim, request, droppedCount: request.restCount, .spoolExpired, nil)
        }
        // What the receiver does not take of our own it does not take of others: one of both is enough to find out. So this is
        // looked at again some time after our own was to be tried again.
        if let time = retryTime(signal) {
            let pause = configuration.retry.delayNanoseconds(afterAttempt: 1, random: clock.random())
            return recovery.withLock { $0.due = max(time, now) &+ pause }
        }
        switch post(request) {
        case .success(let partial):
            let rejectedCount = min(max(0, partial?.rejectedCount ?? 0), Int64(request.recordCount))
            if let partial { notify?(.partialSuccess(signal, partial)) }
            settle(claim, request, droppedCount: Int(rejectedCount), .rejected, nil)
        case .unreadableSuccess(let error):
            notify?(.unreadableAnswer(signal, error))
            settle(claim, request, droppedCount: 0, .rejected, nil)
        case .refused(let failure):
            settle(claim, request, droppedCount: request.recordCount, .refused, failure)
        case .tooLarge(let failure):
            if split(claim, spool, file, request) { break }
            settle(claim, request, droppedCount: request.recordCount, .tooLarge, failure)
        case .retry(let failure, let retryAfter): retry(signal, failure, retryAfter)
        }
    }

    private func retryTime(_ signal: OTLPSignal) -> UInt64? {
        switch signal {
        case .traces: spans.withLock { $0.retryTime }
        case .logs: logs.withLock { $0.retryTime }
        case .metrics: metricsQueue.withLock { $0.retryTime }
        }
    }

    private func post(_ request: RecoveredRequest) -> ResponseVerdict {
        let timeout = max(1, configuration.requestTimeoutMilliseconds(for: request.signal))
        do throws(OTLPTransportError) {
            let response = try transport.send(request.signal, request.body, timeoutMilliseconds: timeout)
            return ResponseVerdict(response, to: request.signal)
        } catch {
            return .retry(.transport(error), nil)
        }
    }

    /// The records have been sent but for so many, or will never be. With the last ones the file goes.
    private func settle(
        _ claim: SpoolClaim, _ request: RecoveredRequest, droppedCount: Int, _ reason: OTLPDropReason,
        _ failure: OTLPFailure?
    ) {
        // Those that are dropped may be all that are left.
        let isLast = request.isLast || droppedCount > request.recordCount
        var isRemoved = true
        if isLast {
            do throws(OTLPSpoolError) { try claim.remove() } catch {
                // The next process may send it again; this one does not.
                isRemoved = claim.setAside()
                notify?(.spoolFailed(error))
            }
        }
        let sentCount = max(0, request.recordCount - droppedCount)
        recovery.withLock { recovery in
            if isLast {
                recovery.claim = nil
                recovery.counts.fileCount += 1
                if !isRemoved { recovery.ignored.insert(claim.name) }
            } else {
                recovery.part = request.next
                recovery.failureCount = 0
            }
            recovery.due = clock.now() &+ recoveryPauseNanoseconds
            recovery.counts.sentCount += sentCount
            if droppedCount > 0 { recovery.counts.droppedCounts[reason, default: 0] += droppedCount }
            recovery.metrics.didSend(request.signal, sentCount)
            recovery.metrics.didDrop(request.signal, droppedCount, reason)
        }
        if droppedCount > 0 { notify?(.dropped(request.signal, recordCount: droppedCount, reason, failure)) }
    }

    /// The same waits as for our own requests; but they end with the age of the file only, as it is not in the way of others.
    private func retry(_ signal: OTLPSignal, _ failure: OTLPFailure, _ retryAfter: RetryAfter?) {
        let policy = configuration.retry
        let wanted = min(retryAfter?.nanoseconds(from: clock.wallTime()) ?? 0, policy.maximumElapsedNanoseconds)
        let wait = recovery.withLock { recovery in
            recovery.failureCount += 1
            let usual = policy.delayNanoseconds(afterAttempt: recovery.failureCount, random: clock.random())
            let wait = wanted == 0 ? usual : wanted
            recovery.due = clock.now() &+ wait
            recovery.counts.retryCount += 1
            return wait
        }
        notify?(.retry(signal, failure, afterNanoseconds: wait))
    }

    /// Files were dropped to make room for others.
    func didLose(_ loss: SpoolLoss) {
        recovery.withLock { recovery in
            recovery.counts.fileCount += 1
            guard let signal = loss.signal else { return }
            recovery.counts.droppedCounts[.spoolFull, default: 0] += loss.recordCount
            recovery.metrics.didDrop(signal, loss.recordCount, .spoolFull)
        }
        if let signal = loss.signal {
            notify?(.dropped(signal, recordCount: loss.recordCount, .spoolFull, nil))
        }
    }
}
