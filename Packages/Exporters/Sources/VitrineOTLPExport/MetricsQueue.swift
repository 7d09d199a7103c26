// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineOTLP
import VitrineObservability

/// When metrics are collected, and the requests of the last collection until they were sent, dropped or replaced.
///
/// A collection takes the place of what is left of the one before: sums are cumulative, so the new values say all that the
/// old ones did. Times are nanoseconds of the clock, counts are of data points.
struct MetricsQueue: Sendable {
    private let interval: UInt64
    private let timeout: UInt64
    /// When the next collection is due that nobody asked for.
    private var nextCollection: UInt64
    /// Requests that wait, the next one last.
    private var waiting: [MetricsBatch] = []
    private var underWay: MetricsBatch?
    private var notBefore: UInt64 = 0
    /// When the last collection is not tried any more.
    private var lastAttempt: UInt64 = 0
    /// How many collections were made, up to which one all is settled, and which one is wanted at once.
    private var collectionCount = 0
    private var settledCount = 0
    private var wantedCount = 0
    private var isClosed = false
    /// Whether what comes now comes too late.
    private var isOver = false
    /// Whether the receiver took all of the last collection that was made, as far as that has gone out.
    private(set) var isComplete = true
    private(set) var counts = OTLPExportCounts()

    init(intervalMilliseconds: UInt32, timeoutMilliseconds: UInt32, from now: UInt64) {
        interval = UInt64(max(1, intervalMilliseconds)) * 1_000_000
        timeout = UInt64(timeoutMilliseconds) * 1_000_000
        nextCollection = now &+ interval
    }

    /// When something is to be done, which may be long ago; nil if nothing ever is.
    var due: UInt64? {
        if underWay != nil { return nil }
        let request = waiting.isEmpty ? nil : notBefore
        let collection = isWanted ? 0 : isClosed ? nil : nextCollection
        guard let collection else { return request }
        return min(collection, request ?? .max)
    }

    private var isWanted: Bool { collectionCount < wantedCount }

    /// Whether metrics are to be collected now.
    func isCollectionDue(at now: UInt64) -> Bool {
        underWay == nil && (isWanted || !isClosed && nextCollection <= now)
    }

    /// Takes what was collected, in place of what is left of the collection before; drops it if all is over. Gives how many
    /// data points were dropped.
    mutating func admit(_ batch: MetricsBatch, at now: UInt64) -> (droppedCount: Int, OTLPDropReason) {
        counts.heldCount += batch.pointCount
        if isOver {
            drop(batch.pointCount, .shutdown)
            return (batch.pointCount, .shutdown)
        }
        let supersededCount = dropWaiting(.superseded)
        collectionCount += 1
        if nextCollection <= now {
            nextCollection &+= interval
            if nextCollection <= now { nextCollection = now &+ interval }
        }
        lastAttempt = now &+ timeout
        isComplete = true
        if batch.pointCount > 0 {
            waiting = [batch]
        }
        settleIfEmpty()
        return (supersededCount, .superseded)
    }

    /// The request that is due, and when it has to be over; nil if none is.
    mutating func begin(at now: UInt64) -> (batch: MetricsBatch, end: UInt64)? {
        guard underWay == nil, notBefore <= now, let batch = waiting.popLast() else { return nil }
        underWay = batch
        return (batch, lastAttempt)
    }

    /// The request under way was taken by the receiver, but for so many points. Gives how many were sent and not.
    mutating func settleSent(rejectedCount: Int64) -> (sentCount: Int, rejectedCount: Int) {
        guard let batch = endAttempt() else { return (0, 0) }
        let rejected = Int(min(Int64(batch.pointCount), max(0, rejectedCount)))
        counts.sentCount += batch.pointCount - rejected
        counts.heldCount -= batch.pointCount - rejected
        drop(rejected, .rejected)
        settleIfEmpty()
        return (batch.pointCount - rejected, rejected)
    }

    /// The request under way is lost. This and the next two say how many points were dropped.
    mutating func settleDropped(_ reason: OTLPDropReason) -> Int {
        guard let batch = endAttempt() else { return 0 }
        drop(batch.pointCount, reason)
        settleIfEmpty()
        return batch.pointCount
    }

    /// The request under way is too large: it goes out in two, or is lost if it is one point.
    mutating func settleTooLarge() -> Int {
        guard let (first, second) = underWay?.halves else { return settleDropped(.tooLarge) }
        underWay = nil
        waiting += [second, first]
        return 0
    }

    /// The request under way failed: it is tried again after a wait, or is lost with all that is left of its collection.
    mutating func settleFailed(at now: UInt64, wait: UInt64) -> Int {
        guard var batch = endAttempt() else { return 0 }
        let (next, isNever) = now.addingReportingOverflow(wait)
        // The next collection has to wait as well, but nobody stops us for good.
        notBefore = now &+ min(wait, max(timeout, interval))
        batch.failureCount += 1
        waiting.append(batch)
        if isNever || next > lastAttempt {
            let count = dropWaiting(.retriesExhausted)
            settleIfEmpty()
            return count
        }
        counts.retryCount += 1
        return 0
    }

    /// Wants a collection to be made at once; gives what `isSettled` is to be asked.
    mutating func want() -> Int {
        if !isClosed { wantedCount = collectionCount + 1 }
        return wantedCount
    }

    /// Whether that collection, or one after it, was sent or dropped.
    func isSettled(_ number: Int) -> Bool { settledCount >= number }

    /// Wants a last collection, and makes no other. Only the first time counts.
    mutating func close() {
        _ = want()
        isClosed = true
    }

    /// Drops what is left, what was drained and not settled included, and makes no collection more; says how many points that
    /// were.
    mutating func abandon() -> Int {
        _ = drain()
        let count = counts.heldCount
        drop(count, .shutdown)
        return count
    }

    /// When something is or was to be tried again that failed, and has not left since; nil if nothing is.
    var retryTime: UInt64? {
        let hasFailed = underWay.map { $0.failureCount > 0 } ?? waiting.contains { $0.failureCount > 0 }
        return hasFailed ? notBefore : nil
    }

    /// Whether the last collection was not made yet.
    var isLastMissing: Bool { isWanted && !isOver }

    /// Makes no collection more and gives all that is held, for somebody else to settle: the request under way too, whose
    /// answer changes nothing any more. What is not settled goes with `abandon`.
    mutating func drain() -> [MetricsBatch] {
        close()
        isOver = true
        if isWanted { isComplete = false }
        wantedCount = collectionCount
        let batches = (endAttempt().map { [$0] } ?? []) + waiting.reversed()
        waiting = []
        if !batches.isEmpty { isComplete = false }
        settleIfEmpty()
        return batches
    }

    /// A batch that was drained is in the spool, or lost for a reason.
    mutating func settleDrained(_ batch: MetricsBatch, _ reason: OTLPDropReason?) {
        if let reason { return drop(batch.pointCount, reason) }
        counts.spooledCount += batch.pointCount
        counts.heldCount -= batch.pointCount
    }

    private mutating func endAttempt() -> MetricsBatch? {
        defer { underWay = nil }
        return underWay
    }

    private mutating func dropWaiting(_ reason: OTLPDropReason) -> Int {
        let count = waiting.reduce(0) { $0 + $1.pointCount }
        waiting = []
        drop(count, reason)
        return count
    }

    private mutating func drop(_ count: Int, _ reason: OTLPDropReason) {
        guard count > 0 else { return }
        counts.droppedCounts[reason, default: 0] += count
        counts.heldCount -= count
        isComplete = false
    }

    private mutating func settleIfEmpty() {
        if waiting.isEmpty && underWay == nil { settledCount = collectionCount }
    }
}
