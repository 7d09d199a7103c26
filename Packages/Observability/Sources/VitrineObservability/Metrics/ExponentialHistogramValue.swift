// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc

/// What an exponential histogram has recorded, as OpenTelemetry defines it.
///
/// The base is 2^(2^-scale); the bucket at a position takes the values above base^(offset + position), up to and including
/// base^(offset + position + 1). A registry counts at a scale of 3 between 2⁻³⁰ and 2⁴²: smaller ones count as zero, larger
/// ones in the last bucket. It gives at most `maximumBucketCount` buckets and halves the scale until they suffice.
public struct ExponentialHistogramValue: Sendable, Hashable {
    /// The most buckets that a registry gives.
    public static let maximumBucketCount = 160

    /// How fine the buckets are: 2^scale for each doubling.
    public let scale: Int
    /// How many values were zero or at most the threshold.
    public let zeroCount: UInt64
    /// Up to which a value is counted as zero.
    public let zeroThreshold: Double
    /// The number of the first bucket.
    public let offset: Int
    /// How many values each bucket has, from the first that has any to the last.
    public let bucketCounts: [UInt64]
    /// The sum of all values.
    public let sum: Double
    /// How many values were not recorded, because they were negative, infinite or NaN.
    public let rejectedCount: UInt64

    /// How many values were recorded.
    public var count: UInt64 { bucketCounts.reduce(zeroCount, &+) }

    /// A value of all its parts.
    public init(
        scale: Int,
        zeroCount: UInt64,
        zeroThreshold: Double,
        offset: Int,
        bucketCounts: [UInt64],
        sum: Double,
        rejectedCount: UInt64 = 0
    ) {
        self.scale = scale
        self.zeroCount = zeroCount
        self.zeroThreshold = zeroThreshold
        self.offset = offset
        self.bucketCounts = bucketCounts
        self.sum = sum
        self.rejectedCount = rejectedCount
    }

    /// The upper bound of the bucket at a position; a double that is not above it, if the bound is no double.
    public func upperBound(at position: Int) -> Double {
        let index = offset &+ position &+ 1
        if -8...ExponentialBuckets.scale ~= scale, -1 << 20...1 << 20 ~= index {
            return ExponentialBuckets.bound(index << (ExponentialBuckets.scale - scale))
        }
        return exp2(Double(index) * exp2(-Double(scale)))
    }

    /// From the numbers of a registry's series, as `MetricsCollector` gives them; missing ones are zero.
    public init(numbers: ArraySlice<UInt64>) {
        let buckets = numbers.dropFirst(HistogramCells.firstBucket)
        var counts = Array(buckets.dropFirst().prefix(ExponentialBuckets.bucketCount))
        // Beyond the last bound there is no bucket: what lies there is counted in the last one.
        if let last = counts.indices.last {
            counts[last] &+= buckets.dropFirst(1 + ExponentialBuckets.bucketCount).first ?? 0
        }
        let first = counts.firstIndex { $0 != 0 } ?? 0
        let end = (counts.lastIndex { $0 != 0 } ?? -1) + 1
        let lowest = ExponentialBuckets.firstIndex + first
        let highest = ExponentialBuckets.firstIndex + max(first, end - 1)
        var shift = 0
        while (highest >> shift) - (lowest >> shift) >= Self.maximumBucketCount { shift += 1 }
        var merged = [UInt64](repeating: 0, count: end > first ? (highest >> shift) - (lowest >> shift) + 1 : 0)
        for position in first..<max(first, end) {
            merged[((ExponentialBuckets.firstIndex + position) >> shift) - (lowest >> shift)] &+= counts[position]
        }
        self.init(
            scale: ExponentialBuckets.scale - shift,
            zeroCount: buckets.first ?? 0,
            zeroThreshold: ExponentialBuckets.zeroThreshold,
            offset: merged.isEmpty ? 0 : lowest >> shift,
            bucketCounts: merged,
            sum: numbers.first.map { Double(bitPattern: $0) } ?? 0,
            rejectedCount: numbers.dropFirst(HistogramCells.rejected).first ?? 0
        )
    }
}
