// SPDX-License-Identifier: MIT OR Apache-2.0

/// What a histogram of explicit bounds has recorded.
public struct HistogramValue: Sendable, Hashable {
    /// The upper bounds of all buckets but the last, which has none.
    public let bounds: [Double]
    /// How many values each bucket has, one more than there are bounds. Not cumulative.
    public let bucketCounts: [UInt64]
    /// The sum of the finite values.
    public let sum: Double
    /// How many values were not recorded, because they were NaN.
    public let rejectedCount: UInt64

    /// How many values were recorded: those of all buckets, so the two never disagree.
    public var count: UInt64 { bucketCounts.reduce(0, &+) }

    /// A value of all its parts.
    public init(bounds: [Double], bucketCounts: [UInt64], sum: Double, rejectedCount: UInt64 = 0) {
        self.bounds = bounds
        self.bucketCounts = bucketCounts
        self.sum = sum
        self.rejectedCount = rejectedCount
    }

    /// From the numbers of a series, in the order of its cells.
    init(bounds: [Double], numbers: ArraySlice<UInt64>) {
        self.init(
            bounds: bounds,
            bucketCounts: Array(numbers.dropFirst(HistogramCells.firstBucket)),
            sum: numbers.first.map { Double(bitPattern: $0) } ?? 0,
            rejectedCount: numbers.dropFirst(HistogramCells.rejected).first ?? 0
        )
    }
}
