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
    ///   - collect: all families as they are now, with their exemplars. Called on a thread of the exporter's, and holds up no
    ///     requests but those of metrics; at the end also on another one, where a request or a collection keeps the first.
    public init(start: Timestamp, collect: @escaping @Sendable () -> [MetricFamily]) {
        self.start = start
        self.collect = collect
    }
}
