// SPDX-License-Identifier: MIT OR Apache-2.0

/// The bounds of a histogram's buckets: each bucket takes the values up to and including its bound that are above the one
/// before, and one more takes all above the last.
///
/// Always finite, strictly increasing and at most `maximumCount`: what does not fit is put right, never refused.
public struct HistogramBounds: Sendable, Hashable, ExpressibleByArrayLiteral {
    /// The most bounds a histogram has; each costs 8 bytes for each series and thread, and a line of Prometheus text.
    public static let maximumCount = 200

    /// The bounds, in order.
    public let values: [Double]

    /// Bounds of any numbers: infinities and NaN are dropped, the rest sorted and each taken once. Of more than
    /// `maximumCount` the largest are dropped.
    public init(_ values: some Sequence<Double>) {
        var ordered: [Double] = []
        // Adding zero makes zero of its negative.
        for value in values.lazy.filter(\.isFinite).map({ $0 + 0 }).sorted() where ordered.last != value {
            ordered.append(value)
        }
        self.values = Array(ordered.prefix(Self.maximumCount))
    }

    /// Bounds of any numbers, put right in the same way.
    public init(arrayLiteral elements: Double...) {
        self.init(elements)
    }

    /// For durations in seconds, 15 bounds from 1 µs to 10 s.
    ///
    /// A call into a guest takes tens of microseconds, and what it does up to some milliseconds: there three bounds to a
    /// decade tell 20 µs from 30 and 2 ms from 4. Outside of that the decade is enough: 1 µs is a call that did not enter,
    /// a second or ten is a deadline.
    public static let seconds: HistogramBounds = [
        1e-6, 1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 1e-2, 2.5e-2, 0.1, 1, 10,
    ]

    /// For sizes in bytes, 11 bounds: the powers of 4 from 64 B to 64 MiB, a small message to the largest buffers.
    public static let bytes = HistogramBounds((3...13).map { Double(1 << (2 * $0)) })

    /// For anything else, 15 bounds from 0 to 10,000: those that OpenTelemetry takes when nothing is said.
    public static let plain: HistogramBounds = [
        0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1_000, 2_500, 5_000, 7_500, 10_000,
    ]
}

/// What sort of buckets a histogram has.
public enum HistogramBuckets: Sendable, Hashable {
    /// Between bounds that are given.
    case explicit(HistogramBounds)
    /// Between powers of a base: no bounds to choose. Quantiles are right to 4.4 % while the values lie within a factor of a
    /// million, and more coarsely beyond; `ExponentialHistogramValue` says what the limits are. 580 cells, 4.5 KiB for each
    /// series and thread.
    case exponential

    /// The bounds for a unit: `.seconds`, `.bytes`, or `.plain` for all others.
    public static func standard(for unit: MetricUnit) -> HistogramBuckets {
        switch unit {
        case .seconds: .explicit(.seconds)
        case .bytes: .explicit(.bytes)
        default: .explicit(.plain)
        }
    }
}
