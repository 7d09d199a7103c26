// SPDX-License-Identifier: MIT OR Apache-2.0

public import VitrineObservability

/// A registry's snapshot in the text formats of Prometheus: its own, version 0.0.4, and OpenMetrics 1.0.
///
/// https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
///
/// The output is a pure function of the snapshot, in its order, so two scrapes without a change between are equal. Series
/// are called in both formats as they were registered; the unit is not added to them. Up-down counters are gauges, and
/// exponential histograms are histograms with the bounds of the buckets that have values: a later scrape may have more of
/// them, or every second one. For a server that is scraped often there is `PrometheusRenderer`, which gives the same bytes.
///
/// What a snapshot has, a text of OpenMetrics may show less well, but never in breach of the specification: a counter whose
/// name does not end in `_total`, or whose name without it somebody else has, is of the type `unknown` there; a unit is
/// shown where the name of the family ends in its word; a histogram with negative bounds or a negative sum has neither sum nor
/// count. Families made by hand that have one name get their kinds behind it; of their series that have the same labels, the
/// first is shown. There are no `_created` lines: they would be
/// half of all lines, and Prometheus takes them for series of their own.
public enum PrometheusText {
    /// What an HTTP response calls version 0.0.4 in `Content-Type`; see also `PrometheusFormat.contentType`.
    public static let contentType = PrometheusFormat.text.contentType

    /// The text of a snapshot; every line ends with a line feed, no families give an empty text, but for OpenMetrics' end.
    public static func render(
        _ families: [MetricFamily], as format: PrometheusFormat = .text, target: PrometheusTarget? = nil
    ) -> String {
        var bytes: [UInt8] = []
        render(families, as: format, target: target, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the text of a snapshot to a buffer, which a server keeps from scrape to scrape.
    ///
    /// - Parameters:
    ///   - families: what a registry's snapshot gives.
    ///   - format: which text; OpenMetrics has exemplars, if the snapshot has some.
    ///   - target: what is scraped; if given, the text begins with the series `target_info`.
    ///   - bytes: where the text goes.
    public static func render(
        _ families: [MetricFamily],
        as format: PrometheusFormat = .text,
        target: PrometheusTarget? = nil,
        into bytes: inout [UInt8]
    ) {
        if let target { append(target, format, to: &bytes) }
        var names = FamilyNames(format, hasTarget: target != nil)
        for family in families {
            let lines = names.lines(of: family)
            lines.appendHeader(to: &bytes)
            var shown: Set<[UInt8]> = []
            for series in family.series where series.value.isOf(family.kind) {
                // A registry has each once.
                guard shown.insert(lines.identity(of: series.labels)).inserted else { continue }
                append(series, lines, to: &bytes)
            }
        }
        appendEnd(format, to: &bytes)
    }

    private static func append(_ series: MetricSeries, _ lines: FamilyLines, to bytes: inout [UInt8]) {
        switch series.value {
        case .counter(let value):
            let exemplar = lines.type == .counter && lines.format.isOpenMetrics ? series.exemplars : []
            lines.append(
                series.labels, number: .unsigned(value), exemplar: ExemplarText.last(exemplar), to: &bytes)
        case .upDownCounter(let value): lines.append(series.labels, number: .signed(value), to: &bytes)
        case .gauge(let value): lines.append(series.labels, number: .double(value), to: &bytes)
        case .histogram(let value):
            let buckets = zip(value.bounds, value.bucketCounts).map { ($0, $1) }
            append(buckets, lines, series, sum: value.sum, count: value.count, to: &bytes)
        case .exponentialHistogram(let value):
            append(value, lines, series.labels, series.exemplars, to: &bytes)
        }
    }

    /// Each bucket with a line for its upper bound, after one for what counts as zero.
    static func append(
        _ value: ExponentialHistogramValue, _ lines: FamilyLines, _ labels: [MetricLabel],
        _ exemplars: [MetricExemplar], to bytes: inout [UInt8]
    ) {
        let buckets = value.bucketCounts.enumerated().map { (value.upperBound(at: $0), $1) }
        let series = MetricSeries(labels: labels, value: .exponentialHistogram(value), exemplars: exemplars)
        append(
            [(value.zeroThreshold, value.zeroCount)] + buckets, lines, series, sum: value.sum, count: value.count,
            to: &bytes)
    }

    private static func append(
        _ buckets: [(bound: Double, count: UInt64)], _ lines: FamilyLines, _ series: MetricSeries,
        sum: Double, count: UInt64, to bytes: inout [UInt8]
    ) {
        let isOpenMetrics = lines.format.isOpenMetrics
        var buckets = buckets.filter { $0.bound != .infinity }
        // The specification has no place for others, which no registry gives; the last bucket always has all values.
        if isOpenMetrics,
            !zip(buckets, buckets.dropFirst()).allSatisfy({ $0.bound < $1.bound })
                || buckets.contains(where: { $0.bound.isNaN })
        {
            buckets = []
        }
        let exemplars =
            isOpenMetrics && !series.exemplars.isEmpty
            ? ExemplarText.byBucket(series.exemplars, buckets.map(\.bound)) : []
        var cumulative: UInt64 = 0
        for (position, bucket) in buckets.enumerated() {
            cumulative &+= bucket.count
            lines.append(
                series.labels, suffix: "_bucket", upperBound: bucket.bound, number: .unsigned(cumulative),
                exemplar: exemplars.isEmpty ? nil : exemplars[position], to: &bytes)
        }
        lines.append(
            series.labels, suffix: "_bucket", upperBound: .infinity, number: .unsigned(count),
            exemplar: exemplars.last ?? nil, to: &bytes)
        if isOpenMetrics, !(sum >= 0) || buckets.contains(where: { $0.bound < 0 }) { return }
        lines.append(series.labels, suffix: "_sum", number: .double(sum), to: &bytes)
        lines.append(series.labels, suffix: "_count", number: .unsigned(count), to: &bytes)
    }

    /// What stands before all families.
    static func append(_ target: PrometheusTarget, _ format: PrometheusFormat, to bytes: inout [UInt8]) {
        let name = format.isOpenMetrics ? "target" : "target_info"
        let family = MetricFamily(name: name, help: "Target metadata", kind: .gauge, series: [])
        let type: FamilyType = format.isOpenMetrics ? .info : .gauge
        let lines = FamilyLines(family, name: "target_info", familyName: name, type: type, format: format)
        lines.appendHeader(to: &bytes)
        lines.append(target.labels, number: .unsigned(1), to: &bytes)
    }

    /// What stands behind all families.
    static func appendEnd(_ format: PrometheusFormat, to bytes: inout [UInt8]) {
        if format.isOpenMetrics { bytes.append(contentsOf: "# EOF\n".utf8) }
    }
}

extension MetricValue {
    /// Whether a family of a kind may have it. A registry gives no other, and no format could show it.
    fileprivate func isOf(_ kind: MetricKind) -> Bool {
        switch (self, kind) {
        case (.counter, .counter), (.upDownCounter, .upDownCounter), (.gauge, .gauge), (.histogram, .histogram),
            (.exponentialHistogram, .exponentialHistogram):
            true
        default: false
        }
    }
}
