// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import VitrineOTLP
import VitrineOTLPSpool
import VitrineObservability

/// Takes files apart that the receiver finds too large. On the thread that calls `step`.
extension ExportPipeline {
    /// Puts the halves of a file in its place, which stay ours and are the next that are sent: so there are at most as many
    /// files more as a file can be halved.
    ///
    /// Where the spool does not take them, as it is full or fails, the file stays and goes out in parts from memory. A process
    /// that ends before the last one has sent some twice.
    ///
    /// False if it cannot be taken apart: it has one record, or is no request.
    func split(_ claim: SpoolClaim, _ spool: OTLPSpool, _ file: OTLPSpoolFile, _ request: RecoveredRequest) -> Bool {
        if let part = request.part { return halve(part, request) }
        guard let whole = try? OTLPRequestBody(reading: file.body, of: request.signal), let halves = whole.halves
        else { return false }
        do throws(OTLPSpoolError) {
            let (first, second) = try spool.replace(claim, file.header, with: halves)
            recovery.withLock { recovery in
                recovery.begin(first)
                if !recovery.isOver { recovery.halves.append(second) }
            }
        } catch {
            // No room, or no turn: the parts from memory are for that.
            if error != .full, error != .busy { notify?(.spoolFailed(error)) }
            recovery.withLock { $0.part = 0..<halves.0.recordCount }
        }
        didSplit(request, recordCount: whole.recordCount)
        return true
    }

    private func halve(_ part: Range<Int>, _ request: RecoveredRequest) -> Bool {
        guard part.count > 1 else { return false }
        recovery.withLock { $0.part = part.lowerBound..<(part.lowerBound + part.count / 2) }
        didSplit(request, recordCount: part.count)
        return true
    }

    private func didSplit(_ request: RecoveredRequest, recordCount: Int) {
        recovery.withLock { recovery in
            recovery.failureCount = 0
            recovery.due = clock.now() &+ recoveryPauseNanoseconds
        }
        notify?(.split(request.signal, recordCount: recordCount))
    }

    /// How long after a request of the recovery the next one is.
    var recoveryPauseNanoseconds: UInt64 { UInt64(spool?.limits.pauseMilliseconds ?? 0) * 1_000_000 }
}
