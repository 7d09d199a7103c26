// SPDX-License-Identifier: MIT OR Apache-2.0

/// How values are distributed: a duration, a size.
///
/// A copy is the same histogram. Recording in a registry's histogram counts in two cells of the calling thread, a few
/// nanoseconds whatever the number of bounds, also while other threads record. Not for signal handlers.
@safe
public struct Histogram: @unchecked Sendable {
    @usableFromInline let address: CellAddress
    /// How to find buckets, in memory that the handler keeps; nil for a histogram that is no registry's.
    @usableFromInline let layout: UnsafePointer<BucketLayout>?
    /// Another recorder's handler, or the owner of the cells.
    @usableFromInline let handler: (any HistogramHandler)?

    /// A histogram that records nothing.
    public init() {
        address = .none
        // SAFETY: no pointer.
        unsafe layout = nil
        handler = nil
    }

    /// A histogram of a recorder of your own: each value goes to the handler.
    public init(handler: any HistogramHandler) {
        address = .none
        // SAFETY: no pointer.
        unsafe layout = nil
        self.handler = handler
    }

    init(_ cells: HistogramCells) {
        address = cells.lease.address
        // SAFETY: kept by the cells, which the handler refers to. Where there are exemplars every value goes to the handler,
        // so that nobody else has to look for them.
        unsafe layout = cells.exemplars == nil ? UnsafePointer(cells.table.layout) : nil
        handler = cells
    }

    /// Counts a value in its bucket and adds it to the sum.
    ///
    /// Of explicit bounds, infinities are counted in the outer buckets and left out of the sum, which would be of no use
    /// any more. NaN, and for exponential buckets also infinities and negative values, are not recorded but counted
    /// in the value's `rejectedCount`.
    @inlinable
    public func record(_ value: Double) {
        // SAFETY: the layout lives as long as its owner, which the handler refers to.
        if let layout = unsafe layout, unsafe Self.record(value, layout, address) { return }
        recordElsewhere(value)
    }

    /// Records a usual value in the calling thread's cells at an address; false if it is none.
    @inlinable
    @inline(__always)
    static func record(_ value: Double, _ layout: UnsafePointer<BucketLayout>, _ address: CellAddress) -> Bool {
        // SAFETY: the callers' layouts live, and there is a cell for each bucket that they give.
        guard unsafe value >= layout.pointee.lowest && value <= .greatestFiniteMagnitude else { return false }
        let bucket = unsafe layout.pointee.bucket(of: value)
        let cells = unsafe ThreadCells.cells(at: address)
        unsafe ThreadCells.add(1, to: cells + (HistogramCells.firstBucket &+ bucket))
        unsafe ThreadCells.addDouble(value, to: cells)
        return true
    }

    /// Records an unusual value, or any in another recorder or where there are exemplars.
    @usableFromInline
    @inline(never)
    func recordElsewhere(_ value: Double) {
        // SAFETY: only whether there is one is asked.
        if unsafe layout == nil {
            handler?.record(value)
        } else {
            (handler as? HistogramCells)?.recordUnusual(value)
        }
    }
}

/// The cells of a registry's histogram and the way to them.
@safe
@usableFromInline
final class HistogramCells: HistogramHandler {
    /// The cells in order: the sum, how many were rejected, and the buckets.
    static let sum = 0
    static let rejected = 1
    @inlinable static var firstBucket: Int { 2 }

    let lease: CellLease
    let table: BucketTable
    /// One for each bucket, or fewer for exponential ones; nil if none are kept.
    let exemplars: ExemplarSlots?

    /// Cells for a table's buckets; nil if the process has no more.
    init?(_ table: BucketTable, keepsExemplars: Bool = false) {
        guard let lease = CellLease(Self.cellCount(table), startsWithDouble: true) else { return nil }
        self.lease = lease
        self.table = table
        let slotCount = table === ExponentialBuckets.table ? ExponentialBuckets.slotCount : table.bounds.count + 1
        exemplars = keepsExemplars ? ExemplarSlots(count: slotCount) : nil
    }

    static func cellCount(_ table: BucketTable) -> Int { firstBucket + table.bounds.count + 1 }

    @usableFromInline
    func record(_ value: Double) {
        // SAFETY: the table's layout lives as long as this object.
        guard unsafe Histogram.record(value, UnsafePointer(table.layout), lease.address) else {
            return recordUnusual(value)
        }
        // Behind the cells, so that whoever sees the exemplar and then reads the bucket finds it counted.
        guard let exemplars else { return }
        let bucket = table.bucket(of: value)
        exemplars.offer(
            value.bitPattern, at: table === ExponentialBuckets.table ? ExponentialBuckets.slot(of: bucket) : bucket)
    }

    fileprivate func recordUnusual(_ value: Double) {
        // SAFETY: the calling thread's cells, as many as the lease's; a bucket is among them.
        let cells = unsafe ThreadCells.cells(at: lease.address)
        if unsafe value.isInfinite && table.layout.pointee.lowest < 0 {
            unsafe ThreadCells.add(1, to: cells + Self.firstBucket + table.bucket(of: value))
        } else {
            unsafe ThreadCells.add(1, to: cells + Self.rejected)
        }
    }
}
