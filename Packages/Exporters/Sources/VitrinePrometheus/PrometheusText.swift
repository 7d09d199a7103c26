// SPDX-License-Identifier: MIT OR Apache-2.0

public import VitrineObservability

/// A registry's snapshot in the Prometheus text format, version 0.0.4.
///
/// https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
///
/// The output is a pure function of the snapshot, in its order, so two scrapes without a change between are equal. Names
/// are kept as they were registered; the unit is not added to them. Up-down counters are gauges in this format, and
/// exponential histograms are histograms with the bounds of the buckets that have values: a later scrape may have more of
/// them, or every second one. For a server that is scraped often there is `PrometheusRenderer`, which gives the same bytes.
public enum PrometheusText {
    /// What an HTTP response calls this format in `Content-Type`.
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// The text of a snapshot; every line ends with a line feed, no families give an empty text.
    public static func render(_ families: [MetricFamily]) -> String {
        var bytes: [UInt8] = []
        render(families, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the text of a snapshot to a buffer, which a server keeps from scrape to scrape.
    public static func render(_ families: [MetricFamily], into bytes: inout [UInt8]) {
        for family in families {
            let lines = FamilyLines(family)
            lines.appendHeader(to: &bytes)
            for series in family.series {
                switch series.value {
                case .counter(let value): lines.append(series.labels, number: .unsigned(value), to: &bytes)
                case .upDownCounter(let value): lines.append(series.labels, number: .signed(value), to: &bytes)
                case .gauge(let value): lines.append(series.labels, number: .double(value), to: &bytes)
                case .histogram(let value): append(value, lines, series.labels, to: &bytes)
                case .exponentialHistogram(let value): append(value, lines, series.labels, to: &bytes)
                }
            }
        }
    }

    private static func append(
        _ value: HistogramValue, _ lines: FamilyLines, _ labels: [MetricLabel], to bytes: inout [UInt8]
    ) {
        var count: UInt64 = 0
        for (bound, bucketCount) in zip(value.bounds, value.bucketCounts) where bound != .infinity {
            count &+= bucketCount
            lines.append(labels, suffix: "_bucket", upperBound: bound, number: .unsigned(count), to: &bytes)
        }
        appendEnd(lines, labels, sum: value.sum, count: value.count, to: &bytes)
    }

    /// Each bucket with a line for its upper bound, after one for what counts as zero.
    static func append(
        _ value: ExponentialHistogramValue, _ lines: FamilyLines, _ labels: [MetricLabel], to bytes: inout [UInt8]
    ) {
        var count = value.zeroCount
        lines.append(labels, suffix: "_bucket", upperBound: value.zeroThreshold, number: .unsigned(count), to: &bytes)
        for (position, bucketCount) in value.bucketCounts.enumerated() {
            count &+= bucketCount
            let bound = value.upperBound(at: position)
            lines.append(labels, suffix: "_bucket", upperBound: bound, number: .unsigned(count), to: &bytes)
        }
        appendEnd(lines, labels, sum: value.sum, count: count, to: &bytes)
    }

    private static func appendEnd(
        _ lines: FamilyLines, _ labels: [MetricLabel], sum: Double, count: UInt64, to bytes: inout [UInt8]
    ) {
        lines.append(labels, suffix: "_bucket", upperBound: .infinity, number: .unsigned(count), to: &bytes)
        lines.append(labels, suffix: "_sum", number: .double(sum), to: &bytes)
        lines.append(labels, suffix: "_count", number: .unsigned(count), to: &bytes)
    }
}
