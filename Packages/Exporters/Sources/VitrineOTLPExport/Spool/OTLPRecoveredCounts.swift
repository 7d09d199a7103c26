// SPDX-License-Identifier: MIT OR Apache-2.0

/// What an exporter made of the records that earlier processes had left in its spool.
public struct OTLPRecoveredCounts: Sendable, Hashable {
    /// How many the receiver took, as far as its answers tell.
    public internal(set) var sentCount = 0
    /// How many were dropped, by reason.
    public internal(set) var droppedCounts: [OTLPDropReason: Int] = [:]
    /// How many attempts were made again.
    public internal(set) var retryCount = 0
    /// How many files are gone, sent or dropped. Of one that was split its halves are counted.
    public internal(set) var fileCount = 0
    /// How many files could not be read; how many records they had is not known.
    public internal(set) var refusedFileCount = 0

    /// How many were dropped in all.
    public var droppedCount: Int { droppedCounts.values.reduce(0, +) }
}
