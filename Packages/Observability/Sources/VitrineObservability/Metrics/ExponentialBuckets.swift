// SPDX-License-Identifier: MIT OR Apache-2.0

/// The buckets of our exponential histograms: OpenTelemetry's of base 2 at a scale of 3, eight to each doubling.
///
/// https://opentelemetry.io/docs/specs/otel/metrics/data-model/#exponentialhistogram
///
/// Bucket `i` takes the values above 2^(i/8) up to and including 2^((i+1)/8). No double lies on such a bound but on the
/// powers of two, so the largest double below it divides exactly, and the buckets are found like explicit ones.
enum ExponentialBuckets {
    static let scale = 3
    /// The powers of two between which values are told apart: 0.93 × 10⁻⁹ to 4.4 × 10¹².
    static let exponents = -30..<42
    /// OpenTelemetry's number of the first bucket.
    static let firstIndex = exponents.lowerBound << scale
    static let bucketCount = exponents.count << scale
    /// Up to here a value is counted as zero.
    static let zeroThreshold = 0x1p-30

    /// The mantissas of the largest doubles below 2^(j/8), j from 1 to 7.
    private static let mantissas: [UInt64] = [
        0x1_72b8_3c7d_517a, 0x3_06fe_0a31_b715, 0x4_bfda_d536_2a27, 0x6_a09e_667f_3bcc, 0x8_ace5_422a_a0db,
        0xa_e89f_995a_d3ad, 0xd_5818_dcfb_a487,
    ]

    /// The largest double that is not above 2^(index/8); infinity or 0 where there is none.
    static func bound(_ index: Int) -> Double {
        let step = index & 7
        let significand = step == 0 ? 1 : Double(bitPattern: 1.0.bitPattern | mantissas[step - 1])
        return Double(sign: .plus, exponent: index >> scale, significand: significand)
    }

    /// How many exemplars a series keeps: one of what counts as zero, and the last of each power of two modulo eight, so
    /// that neighbours do not take each other's place.
    static let slotCount = 9

    /// The place of the exemplar of a value in a bucket of the table.
    static func slot(of bucket: Int) -> Int {
        bucket == 0 ? 0 : 1 + ((bucket - 1) >> scale) & 7
    }

    /// One table for all: first the bound of what counts as zero, then the upper bounds of all buckets. What is above the
    /// last belongs to the last.
    static let table = BucketTable(
        bounds: (firstIndex...firstIndex + bucketCount).map(bound), lowest: 0)
}
