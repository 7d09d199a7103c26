// SPDX-License-Identifier: MIT OR Apache-2.0

/// Why a record did not go out. Each that did not is counted under one of these.
public enum OTLPDropReason: String, Sendable, Hashable, CaseIterable {
    /// The queue had as many records as it may.
    case queueFull = "queue_full"
    /// The queue had as many bytes as it may.
    case queueBytesFull = "queue_bytes_full"
    /// It came when the exporter was shut down, or was still there when the time for that was over.
    case shutdown
    /// It is too large for a request of its own, by our limit or the receiver's.
    case tooLarge = "too_large"
    /// The receiver refused its request for good, or sent it elsewhere.
    case refused
    /// The receiver took a part of its request and not this one.
    case rejected
    /// Its request was tried for as long as the policy allows.
    case retriesExhausted = "retries_exhausted"
    /// A later collection of the same metrics took its place before it was sent. Only data points; sums lose nothing by it.
    case superseded
    /// There was no memory to encode it.
    case noMemory = "no_memory"
}

/// What became of the records of a signal; the records of metrics are data points.
///
/// Those that came are those that were sent, dropped, or are held.
public struct OTLPExportCounts: Sendable, Hashable {
    /// How many the receiver took, as far as its answers tell.
    public internal(set) var sentCount = 0
    /// How many wait or are on their way.
    public internal(set) var heldCount = 0
    /// How many bytes of memory these take, as estimated; 0 for metrics.
    public internal(set) var heldByteCount = 0
    /// How many attempts were made again.
    public internal(set) var retryCount = 0
    /// How many were dropped, by reason.
    public internal(set) var droppedCounts: [OTLPDropReason: Int] = [:]

    /// How many were dropped in all.
    public var droppedCount: Int { droppedCounts.values.reduce(0, +) }
}
