// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineOTLP

/// The records of one signal from when they come until they were sent or dropped, and when the next request is due.
///
/// What is held, be it in the ring, in a batch that waits to be tried again or in the one under way, counts against the
/// bounds. Batches are settled in the order in which their records came. Times are nanoseconds of the clock.
struct SignalQueue<Record: Sendable>: Sendable {
    /// What becomes of a record that comes.
    enum Admission: Sendable, Hashable {
        /// It waits. Whether the exporter has to be told, because something is due that was not.
        case accepted(isNewsworthy: Bool)
        /// It does not.
        case dropped(OTLPDropReason)
    }

    private let recordLimit: Int
    private let byteLimit: Int
    private let batchLimit: Int
    private let delay: UInt64
    private var ring: RecordRing<Record>
    /// Batches that were begun, the next one last.
    private var begun: [RecordBatch<Record>] = []
    /// The batch under way; nil if none is.
    private var underWay: RecordBatch<Record>?
    private var oldest: UInt64 = 0
    private var notBefore: UInt64 = 0
    /// How many records were ever held, how many of these left, and up to which one they are wanted at once.
    private var admittedCount = 0
    private var settledCount = 0
    private var wantedCount = 0
    private var isClosed = false
    private(set) var counts = OTLPExportCounts()

    init(_ limits: OTLPQueueLimits) {
        recordLimit = min(max(1, limits.recordCount), 1 << 20)
        byteLimit = max(1, limits.byteCount)
        batchLimit = min(max(1, limits.batchRecordCount), recordLimit)
        delay = UInt64(limits.delayMilliseconds) * 1_000_000
        // No record takes less than its fixed size: more of them than that never come, and room for them would be beyond the
        // bound in bytes.
        ring = RecordRing(capacity: min(recordLimit, byteLimit / MemoryLayout<Record>.stride + 1))
    }

    /// Takes a record in, or drops it, never one that is already here.
    mutating func admit(_ record: Record, byteCount: Int, now: () -> UInt64) -> Admission {
        if isClosed { return drop(1, .shutdown) }
        if counts.heldCount >= recordLimit { return drop(1, .queueFull) }
        if byteCount > byteLimit - counts.heldByteCount { return drop(1, .queueBytesFull) }
        guard ring.append(record, byteCount: byteCount) else { return drop(1, .queueFull) }
        let wasFull = ring.count > 1 && isFull(ring.count - 1, ring.byteCount - byteCount)
        admittedCount += 1
        counts.heldCount += 1
        counts.heldByteCount += byteCount
        if ring.count == 1 { oldest = now() }
        return .accepted(isNewsworthy: ring.count == 1 || (isFull(ring.count, ring.byteCount) && !wasFull))
    }

    /// For how many records memory is allocated.
    var capacity: Int { ring.capacity }

    /// For what reason no record can come in now; nil if one may.
    var fullness: OTLPDropReason? {
        if counts.heldCount >= recordLimit { return .queueFull }
        return byteLimit - counts.heldByteCount < MemoryLayout<Record>.stride ? .queueBytesFull : nil
    }

    /// Counts records that never got here.
    mutating func count(_ lostCount: Int, _ reason: OTLPDropReason) {
        _ = drop(lostCount, reason)
    }

    private func isFull(_ count: Int, _ byteCount: Int) -> Bool { count >= batchLimit || byteCount >= byteLimit / 2 }

    /// When the next request is to be made, which may be long ago; nil if there is nothing to send.
    var due: UInt64? {
        // Not by what is held: that may be with the spool.
        if underWay != nil || begun.isEmpty && ring.count == 0 { return nil }
        let isWanted =
            !begun.isEmpty || isClosed || settledCount < wantedCount || isFull(ring.count, ring.byteCount)
        return isWanted ? notBefore : max(notBefore, oldest &+ delay)
    }

    /// The batch of the request that is due; nil if none is.
    mutating func begin(at now: UInt64, elapsedLimit: UInt64) -> RecordBatch<Record>? {
        guard let due, due <= now else { return nil }
        var batch: RecordBatch<Record>
        if let next = begun.popLast() {
            batch = next
        } else {
            batch = ring.take(batchLimit)
            // What is left came later, nobody knows when: its time begins now.
            oldest = now
        }
        if batch.lastAttempt == nil { batch.lastAttempt = now &+ elapsedLimit }
        underWay = batch
        return batch
    }

    /// The batch under way was taken by the receiver, but for so many records. Gives how many were sent and not, which is
    /// none if the queue was emptied meanwhile.
    mutating func settleSent(
        _ batch: RecordBatch<Record>, rejectedCount: Int64
    ) -> (sentCount: Int, rejectedCount: Int) {
        guard endAttempt() else { return (0, 0) }
        release(batch)
        let rejected = Int(min(Int64(batch.records.count), max(0, rejectedCount)))
        counts.sentCount += batch.records.count - rejected
        _ = drop(rejected, .rejected)
        return (batch.records.count - rejected, rejected)
    }

    /// The batch under way is lost. This and the next two say how many records were dropped.
    mutating func settleDropped(_ batch: RecordBatch<Record>, _ reason: OTLPDropReason) -> Int {
        guard endAttempt() else { return 0 }
        release(batch)
        _ = drop(batch.records.count, reason)
        return batch.records.count
    }

    /// The batch under way is too large: it goes out in two, or is lost if it is one record.
    mutating func settleTooLarge(_ batch: RecordBatch<Record>) -> Int {
        guard let (first, second) = batch.halves else { return settleDropped(batch, .tooLarge) }
        if endAttempt() { begun += [second, first] }
        return 0
    }

    /// The batch under way failed: it is tried again after a wait, or is lost if it was tried for long enough.
    mutating func settleFailed(_ batch: RecordBatch<Record>, at now: UInt64, wait: UInt64, elapsedLimit: UInt64) -> Int
    {
        let (next, isNever) = now.addingReportingOverflow(wait)
        // What the receiver asks for goes for the next batch as well, but nobody stops us for good.
        let isLast = isNever || next > batch.lastAttempt ?? .max
        if isLast {
            let count = settleDropped(batch, .retriesExhausted)
            notBefore = now &+ min(wait, elapsedLimit)
            return count
        }
        guard endAttempt() else { return 0 }
        var batch = batch
        batch.failureCount += 1
        begun.append(batch)
        notBefore = next
        counts.retryCount += 1
        return 0
    }

    /// Wants all that is here now to go out at once; gives what `isSettled` is to be asked.
    mutating func want() -> Int {
        wantedCount = admittedCount
        return admittedCount
    }

    /// Whether all that had come by then has left.
    func isSettled(_ count: Int) -> Bool { settledCount >= count }

    /// Takes in nothing more, and wants all to go out.
    mutating func close() {
        isClosed = true
    }

    /// Drops all that is held, the batch under way included; says how many records that were.
    mutating func abandon() -> Int {
        close()
        let count = counts.heldCount
        ring = RecordRing(capacity: 1)
        begun = []
        underWay = nil
        counts.heldCount = 0
        counts.heldByteCount = 0
        settledCount = admittedCount
        _ = drop(count, .shutdown)
        return count
    }

    /// When something is or was to be tried again that failed, and has not left since; nil if nothing is.
    var retryTime: UInt64? {
        let hasFailed = underWay.map { $0.failureCount > 0 } ?? begun.contains { $0.failureCount > 0 }
        return hasFailed ? notBefore : nil
    }

    /// Takes in nothing more and gives all that is held, in its order and for somebody else to settle: the batch under way
    /// too, whose answer changes nothing any more. What is not settled goes with `abandon`.
    mutating func drain() -> [RecordBatch<Record>] {
        close()
        var batches = underWay.map { [$0] } ?? []
        batches += begun.reversed()
        underWay = nil
        begun = []
        while ring.count > 0 { batches.append(ring.take(batchLimit)) }
        return batches
    }

    /// A batch that was drained is in the spool, or lost for a reason.
    mutating func settleDrained(_ batch: RecordBatch<Record>, _ reason: OTLPDropReason?) {
        release(batch)
        if let reason {
            _ = drop(batch.records.count, reason)
        } else {
            counts.spooledCount += batch.records.count
        }
    }

    private mutating func endAttempt() -> Bool {
        defer { underWay = nil }
        return underWay != nil
    }

    private mutating func release(_ batch: RecordBatch<Record>) {
        settledCount += batch.records.count
        counts.heldCount -= batch.records.count
        for byteCount in batch.byteCounts { counts.heldByteCount -= byteCount }
    }

    private mutating func drop(_ count: Int, _ reason: OTLPDropReason) -> Admission {
        if count > 0 { counts.droppedCounts[reason, default: 0] += count }
        return .dropped(reason)
    }
}
