// SPDX-License-Identifier: MIT OR Apache-2.0

public import VitrineObservability

/// Where an exporter gets its metrics from, again and again.
///
/// Their sums and histograms are cumulative, counted from one start, so that a collection which is not delivered loses
/// nothing but the values of gauges at its moment: the next one has all that was counted before.
public struct OTLPMetricsSource: Sendable {
    /// When counting began.
    public let start: Timestamp
    let collect: @Sendable () -> [MetricFamily]

    /// All metrics of a registry.
    public init(_ registry: MetricsRegistry) {
        self.init(start: registry.startTime) { registry.snapshot() }
    }

    /// What a closure gives.
    ///
    /// - Parameters:
    ///   - start: when counting began.
    ///   - collect: all families as they are now, with their exemplars. Called on the exporter's thread, and holds up its
    ///     requests; at the end on another thread of the exporter's where a request keeps that one.
    public init(start: Timestamp, collect: @escaping @Sendable () -> [MetricFamily]) {
        self.start = start
        self.collect = collect
    }
}
