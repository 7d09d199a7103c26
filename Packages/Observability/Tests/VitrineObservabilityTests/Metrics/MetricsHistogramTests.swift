// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Testing

@testable import VitrineObservability

@Suite("Histogram")
struct MetricsHistogramTests {
    /// Doubles of all magnitudes and signs, the same in every run.
    private struct Values {
        private var state: UInt64

        init(_ seed: UInt64) { state = seed }

        mutating func bits() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ state >> 31
        }

        mutating func any() -> Double { Double(bitPattern: bits()) }

        mutating func near(_ bounds: [Double]) -> Double {
            let bound = bounds[Int(bits() % UInt64(bounds.count))]
            return bound * (0.5 + Double(bits() % 1_000_000) / 1_000_000)
        }
    }

    private static let edges: [Double] = [
        0, -0.0, .leastNonzeroMagnitude, -.leastNonzeroMagnitude, .leastNormalMagnitude, -.leastNormalMagnitude,
        .leastNormalMagnitude.nextDown, 1, -1, .greatestFiniteMagnitude, -.greatestFiniteMagnitude, .infinity,
        -.infinity,
    ]

    private static func naive(_ bounds: [Double], _ value: Double) -> Int {
        bounds.firstIndex { value <= $0 } ?? bounds.count
    }

    private static let boundsToTry: [HistogramBounds] = [
        .seconds, .bytes, .plain, [], [0], [1], [-1], [-10, 0, 10], [-1e300, -1, -1e-300, 1e-300, 1, 1e300],
        [.leastNonzeroMagnitude, .leastNormalMagnitude], [-.greatestFiniteMagnitude, .greatestFiniteMagnitude],
        [1, 1.0.nextUp, 1.0.nextUp.nextUp, 2], [1e-9, 1_000, 1_000.5, 1_001, 1_001.5, 1_002, 1_003],
        HistogramBounds((1...200).map(Double.init)), HistogramBounds((-100..<100).map { Double($0) * 0.37 }),
    ]

    @Test("finds the bucket that a scan finds, for 100,000 values and all edges", arguments: boundsToTry)
    func buckets(_ bounds: HistogramBounds) {
        let table = BucketTable(bounds: bounds.values)
        var values = Values(42)
        var differences = 0
        for _ in 0..<50_000 {
            let value = values.any()
            if !value.isNaN, table.bucket(of: value) != Self.naive(bounds.values, value) { differences += 1 }
            guard !bounds.values.isEmpty else { continue }
            let close = values.near(bounds.values)
            if table.bucket(of: close) != Self.naive(bounds.values, close) { differences += 1 }
        }
        #expect(differences == 0)
        for value in Self.edges + bounds.values.flatMap({ [$0, $0.nextUp, $0.nextDown] }) {
            #expect(table.bucket(of: value) == Self.naive(bounds.values, value), "\(value)")
        }
    }

    @Test("compares few bounds for each value where the bounds are the usual ones")
    func steps() {
        #expect(BucketTable(bounds: HistogramBounds.seconds.values).steps == 1)
        #expect(BucketTable(bounds: HistogramBounds.bytes.values).steps == 1)
        #expect(BucketTable(bounds: HistogramBounds.plain.values).steps <= 2)
        #expect(BucketTable(bounds: HistogramBounds((1...200).map(Double.init)).values).steps == 1)
        #expect(ExponentialBuckets.table.steps == 1)
        #expect(BucketTable(bounds: []).steps == 0)
    }

    @Test("puts bounds right: finite, sorted, each once, no more than the maximum")
    func normalized() {
        let bounds: HistogramBounds = [3, .nan, 1, .infinity, 2, 1, -.infinity, 0, -0.0]
        #expect(bounds.values == [0, 1, 2, 3])
        #expect(bounds.values[0].sign == .plus)
        #expect(HistogramBounds((0..<1_000).map(Double.init)).values == (0..<200).map(Double.init))
        #expect(HistogramBounds([Double.nan]).values.isEmpty)
    }

    @Test("has standard bounds for seconds, bytes and the rest")
    func standard() {
        #expect(HistogramBounds.seconds.values.first == 1e-6)
        #expect(HistogramBounds.seconds.values.last == 10)
        #expect(HistogramBounds.bytes.values.first == 64)
        #expect(HistogramBounds.bytes.values.last == 67_108_864)
        #expect(HistogramBuckets.standard(for: .seconds) == .explicit(.seconds))
        #expect(HistogramBuckets.standard(for: .bytes) == .explicit(.bytes))
        #expect(HistogramBuckets.standard(for: "{call}") == .explicit(.plain))
    }

    private func value(_ buckets: HistogramBuckets, _ values: [Double]) -> MetricValue {
        let registry = MetricsRegistry()
        let histogram = registry.histogram("h", help: "", buckets: buckets)
        for value in values { histogram.record(value) }
        return registry.snapshot()[0].series[0].value
    }

    @Test("counts infinities in the outer buckets without spoiling the sum, and NaN apart")
    func unusual() {
        #expect(
            value(.explicit([0, 1]), [.infinity, .infinity, -.infinity, .nan, 0.5])
                == .histogram(HistogramValue(bounds: [0, 1], bucketCounts: [1, 1, 2], sum: 0.5, rejectedCount: 1)))
        #expect(
            value(.explicit([]), [.nan, 5, -5])
                == .histogram(HistogramValue(bounds: [], bucketCounts: [2], sum: 0, rejectedCount: 1)))
    }

    @Test("rejects what an exponential histogram has no bucket for, and tells how many")
    func exponentialUnusual() {
        #expect(
            value(.exponential, [.infinity, -.infinity, .nan, -1, -.leastNonzeroMagnitude, 0, -0.0, 0x1p-30, 1])
                == .exponentialHistogram(
                    ExponentialHistogramValue(
                        scale: 3, zeroCount: 3, zeroThreshold: 0x1p-30, offset: -1, bucketCounts: [1],
                        sum: 1 + 0x1p-30, rejectedCount: 5)))
    }

    @Test("finds the exponential bucket that logarithms give, for 100,000 values")
    func exponentialIndex() {
        var values = Values(7)
        var differences = 0
        for _ in 0..<100_000 {
            // From 2⁻³⁰ to 2⁴², evenly in the exponent.
            let value = exp2(Double(values.bits() % 72_000_000) / 1_000_000 - 30)
            let exact = log2(value) * 8
            // At a bound the rounding of the logarithm decides nothing.
            guard abs(exact - exact.rounded()) > 1e-9 else { continue }
            let index = ExponentialBuckets.firstIndex + ExponentialBuckets.table.bucket(of: value) - 1
            if index != Int(exact.rounded(.up)) - 1 { differences += 1 }
        }
        #expect(differences == 0)
    }

    @Test("puts powers of two, and the doubles beside every bound, into the right exponential buckets")
    func exponentialBounds() {
        for index in ExponentialBuckets.firstIndex..<ExponentialBuckets.firstIndex + ExponentialBuckets.bucketCount {
            let bound = ExponentialBuckets.bound(index)
            let bucket = index - ExponentialBuckets.firstIndex
            #expect(ExponentialBuckets.table.bucket(of: bound) == bucket)
            #expect(ExponentialBuckets.table.bucket(of: bound.nextUp) == bucket + 1)
            // Exactly: the eighth power of the mantissa is at most a power of two, that of the next double above it.
            if index & 7 != 0 {
                #expect(pow(bound.significand, 8) <= Double(1 << (index & 7)) * (1 + 1e-14))
                #expect(abs(log2(bound) * 8 - Double(index)) < 1e-11)
            } else {
                #expect(bound == exp2(Double(index / 8)))
            }
        }
    }

    @Test("clamps what is too small or too large for exponential buckets")
    func exponentialClamp() {
        let tiny = value(.exponential, [.leastNonzeroMagnitude, 1e-300])
        let huge = value(.exponential, [0x1p42, 1e300, .greatestFiniteMagnitude])
        guard case .exponentialHistogram(let low) = tiny, case .exponentialHistogram(let high) = huge else {
            Issue.record("no histograms")
            return
        }
        #expect(low.zeroCount == 2)
        #expect(low.bucketCounts.isEmpty)
        #expect(high.zeroCount == 0)
        #expect(high.bucketCounts == [3])
        #expect(high.upperBound(at: 0) == 0x1p42)
    }

    @Test("halves the scale until the buckets are at most 160, and keeps each value between its bounds")
    func downscale() {
        for (values, scale) in [([1.0, 0x1p20], 2), ([1.5, 0x1p20], 3), ([1, 0x1p40], 1), ([0x1p-29, 0x1p42], 1)] {
            guard case .exponentialHistogram(let value) = value(.exponential, values) else {
                Issue.record("no histogram")
                return
            }
            #expect(value.scale == scale)
            #expect(value.bucketCounts.count <= ExponentialHistogramValue.maximumBucketCount)
            #expect(value.bucketCounts.first == 1)
            #expect(value.bucketCounts.last == 1)
            #expect(value.count == 2)
            #expect(value.upperBound(at: 0) >= values[0])
            #expect(value.upperBound(at: -1) < values[0])
            #expect(value.upperBound(at: value.bucketCounts.count - 1) >= values[1])
            #expect(value.upperBound(at: value.bucketCounts.count - 2) < values[1])
        }
    }

    @Test("gives the bounds of values of any scale")
    func foreignScales() {
        func bound(_ scale: Int, _ offset: Int) -> Double {
            ExponentialHistogramValue(
                scale: scale, zeroCount: 0, zeroThreshold: 0, offset: offset, bucketCounts: [], sum: 0
            ).upperBound(at: 0)
        }
        #expect(bound(0, 3) == 16)
        #expect(bound(-2, 0) == 16)
        #expect(abs(bound(10, 1_023) - 2) < 1e-12)
        #expect(bound(3, .max) == 0)
        #expect(bound(.min, 0) == .infinity)
        #expect(bound(.max, 0) == 1)
        #expect(bound(-8, 1 << 19) == .infinity)
    }
}
