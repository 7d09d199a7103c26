// SPDX-License-Identifier: MIT OR Apache-2.0

public import VitrineOTLP
public import VitrineObservability

/// Where an exporter gets its metrics from, again and again.
///
/// Their sums and histograms are cumulative, counted from one start, so that a collection which is not delivered loses
/// nothing but the values of gauges at its moment: the next one has all that was counted before.
public struct OTLPMetricsSource: Sendable {
    /// When counting began.
    public let start: Timestamp
    let collect: @Sendable () -> [MetricFamily]
    let exemplars: @Sendable (MetricFamily, MetricSeries) -> [OTLPExemplar]

    /// All metrics of a registry.
    public init(_ registry: MetricsRegistry) {
        self.init(start: registry.startTime) { registry.snapshot() }
    }

    /// What a closure gives.
    ///
    /// - Parameters:
    ///   - start: when counting began.
    ///   - exemplars: values behind a series of a family; called while a request is encoded.
    ///   - collect: all families as they are now. Both are called on the exporter's thread and hold up its requests.
    public init(
        start: Timestamp,
        exemplars: @escaping @Sendable (MetricFamily, MetricSeries) -> [OTLPExemplar] = { _, _ in [] },
        collect: @escaping @Sendable () -> [MetricFamily]
    ) {
        self.start = start
        self.exemplars = exemplars
        self.collect = collect
    }
}
