// SPDX-License-Identifier: MIT OR Apache-2.0

/// Durations of one operation, in nanoseconds, up to a bound that is reserved at once: taking a sample allocates
/// nothing.
public struct Samples: Sendable {
    private var nanoseconds: [UInt64] = []
    private let capacity: Int

    /// Room for `capacity` samples; more are ignored.
    public init(capacity: Int) {
        self.capacity = max(0, capacity)
        nanoseconds.reserveCapacity(self.capacity)
    }

    /// How many there are.
    public var count: Int { nanoseconds.count }

    /// Takes a sample.
    public mutating func add(_ sample: UInt64) {
        if nanoseconds.count < capacity { nanoseconds.append(sample) }
    }

    /// What the samples say; nil without any.
    public var statistics: Statistics? { Statistics(nanoseconds) }
}

/// Median and 99th percentile of samples, in nanoseconds.
public struct Statistics: Hashable, Sendable {
    /// Half the samples are at most this.
    public let median: Double
    /// 99 of 100 samples are at most this (nearest rank).
    public let p99: Double
    /// How many samples there were.
    public let count: Int

    /// The statistics of `samples`; nil without any.
    public init?(_ samples: [UInt64]) {
        guard !samples.isEmpty else { return nil }
        let sorted = samples.sorted()
        let middle = sorted.count / 2
        median =
            sorted.count % 2 == 1 ? Double(sorted[middle]) : (Double(sorted[middle - 1]) + Double(sorted[middle])) / 2
        let rank = (sorted.count * 99 + 99) / 100
        p99 = Double(sorted[min(max(rank, 1), sorted.count) - 1])
        count = sorted.count
    }
    private init(median: Double, p99: Double, count: Int) {
        self.median = median
        self.p99 = p99
        self.count = count
    }

    /// The statistics of one operation, where each sample was of `operationCount`.
    public func divided(by operationCount: Int) -> Statistics {
        let divisor = Double(max(1, operationCount))
        return Statistics(median: median / divisor, p99: p99 / divisor, count: count)
    }

    /// The statistics without a part of each sample that takes `nanoseconds`; nothing is less than nothing.
    public func less(_ nanoseconds: Double) -> Statistics {
        Statistics(median: max(0, median - nanoseconds), p99: max(0, p99 - nanoseconds), count: count)
    }
}
