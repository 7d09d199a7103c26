// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineWire

/// Finds out from the records' numbers how many never arrived. Nothing in the numbers is believed, so that a lying guest
/// can only make its own drop counters wrong, and those by a bounded amount.
struct SequenceCheck: Sendable {
    private var expected: UInt64 = 0
    private var reportedDrops: UInt64 = 0
    /// Numbers skipped since the last account.
    private var gap: UInt64 = 0
    /// Records that were there but unreadable: they take a number each, and are counted as malformed.
    private var malformed: UInt64 = 0

    /// A record of this number was read.
    mutating func didRead(_ sequence: UInt64) {
        if sequence > expected { gap = gap.saturatingAdd(sequence - expected) }
        expected = sequence == .max ? .max : sequence + 1
    }

    /// A record was there, but not readable.
    mutating func didFindMalformed() {
        malformed = malformed.saturatingAdd(1)
    }

    /// All records up to this header's state have been read: says what is missing.
    mutating func settle(_ header: TelemetryHeader, into drops: inout DropCounts) {
        if header.nextSequence > expected {
            gap = gap.saturatingAdd(header.nextSequence - expected)
            expected = header.nextSequence
        }
        let unexplained = gap > malformed ? gap - malformed : 0
        let reported = header.dropped > reportedDrops ? header.dropped - reportedDrops : 0
        reportedDrops = header.dropped
        drops.add(reported, .guestBufferFull)
        drops.add(unexplained > reported ? unexplained - reported : 0, .lost)
        gap = 0
        malformed = 0
    }
}

extension UInt64 {
    /// The sum, or the largest number there is.
    fileprivate func saturatingAdd(_ other: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}
