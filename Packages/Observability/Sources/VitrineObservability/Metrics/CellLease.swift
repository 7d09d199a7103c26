// SPDX-License-Identifier: MIT OR Apache-2.0

/// Cells of a series in every thread, for as long as anybody refers to it: the registry, or a handle.
final class CellLease: CounterHandler, UpDownCounterHandler {
    let address: CellAddress
    let count: Int
    /// What increments were made in; nil if that is not kept.
    let exemplars: ExemplarSlots?

    /// Cells that are zero, the first of them for a Double if asked for; nil if the process has no more.
    init?(_ count: Int, startsWithDouble: Bool = false, keepsExemplars: Bool = false) {
        guard let address = CellPool.shared.allocate(count, startsWithDouble: startsWithDouble) else { return nil }
        self.address = address
        self.count = count
        exemplars = keepsExemplars ? ExemplarSlots(count: 1) : nil
    }

    deinit {
        CellPool.shared.release(address, count)
    }

    /// The total of the first cell. Takes the pool's lock.
    var total: UInt64 {
        CellPool.shared.withTotals { $0.integer(at: address) }
    }

    func increment(by amount: UInt64) {
        ThreadCells.add(amount, at: address)
        // Behind the cell, as in a histogram.
        exemplars?.offer(amount, at: 0)
    }

    func add(_ amount: Int64) {
        ThreadCells.add(UInt64(bitPattern: amount), at: address)
    }
}
