// SPDX-License-Identifier: MIT OR Apache-2.0

/// A queue of records with their sizes, in memory that is allocated once. Whoever puts something in knows that it fits.
struct RecordRing<Record: Sendable>: Sendable {
    private var slots: [(record: Record, byteCount: Int)?]
    private var first = 0
    /// How many records wait.
    private(set) var count = 0
    /// How many bytes these take.
    private(set) var byteCount = 0

    /// A ring for so many, at least one.
    init(capacity: Int) {
        slots = Array(repeating: nil, count: max(1, capacity))
    }

    /// For how many it has room.
    var capacity: Int { slots.count }

    /// Puts one behind the others; says whether there was room.
    mutating func append(_ record: Record, byteCount: Int) -> Bool {
        guard count < slots.count else { return false }
        slots[(first + count) % slots.count] = (record, byteCount)
        count += 1
        self.byteCount += byteCount
        return true
    }

    /// Takes the oldest ones out.
    mutating func take(_ maximumCount: Int) -> RecordBatch<Record> {
        var batch = RecordBatch<Record>()
        batch.records.reserveCapacity(min(maximumCount, count))
        batch.byteCounts.reserveCapacity(min(maximumCount, count))
        while count > 0, batch.records.count < maximumCount {
            if let slot = slots[first] {
                batch.records.append(slot.record)
                batch.byteCounts.append(slot.byteCount)
                byteCount -= slot.byteCount
            }
            slots[first] = nil
            first = (first + 1) % slots.count
            count -= 1
        }
        return batch
    }
}

/// The records of a request, on their way.
struct RecordBatch<Record: Sendable>: Sendable {
    var records: [Record] = []
    /// The sizes of these.
    var byteCounts: [Int] = []
    /// How many attempts failed.
    var failureCount = 0
    /// Until when it is tried, in nanoseconds of the clock; nil before the first attempt.
    var lastAttempt: UInt64?

    /// The same records in two batches, none of which was tried; nil if there is only one record.
    var halves: (RecordBatch, RecordBatch)? {
        guard records.count > 1 else { return nil }
        let middle = records.count / 2
        var halves = (RecordBatch(), RecordBatch())
        halves.0.records = Array(records[..<middle])
        halves.0.byteCounts = Array(byteCounts[..<middle])
        halves.1.records = Array(records[middle...])
        halves.1.byteCounts = Array(byteCounts[middle...])
        return halves
    }
}
