// SPDX-License-Identifier: MIT OR Apache-2.0

/// How often something took how long, to within 6 %, in memory that does not grow.
struct LatencyCounts: Sendable {
    private static let stepCount = 16
    private var counts = [UInt64](repeating: 0, count: 64 * stepCount)
    private(set) var count: UInt64 = 0

    mutating func add(nanoseconds: UInt64) {
        let value = nanoseconds + UInt64(Self.stepCount)
        let exponent = 63 - value.leadingZeroBitCount
        counts[exponent * Self.stepCount + Int(value >> UInt64(exponent - 4)) % Self.stepCount] += 1
        count += 1
    }

    mutating func add(_ other: LatencyCounts) {
        for index in counts.indices { counts[index] += other.counts[index] }
        count += other.count
    }

    /// The time in nanoseconds that a share of all did not exceed.
    func quantile(_ share: Double) -> UInt64 {
        var left = UInt64((Double(count) * share).rounded(.up))
        for index in counts.indices where counts[index] > 0 {
            if counts[index] >= left {
                let exponent = index / Self.stepCount
                let value = (UInt64(index % Self.stepCount + Self.stepCount) << UInt64(exponent - 4))
                return value - UInt64(Self.stepCount)
            }
            left -= counts[index]
        }
        return 0
    }
}
