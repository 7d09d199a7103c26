// SPDX-License-Identifier: MIT OR Apache-2.0

public import VitrineObservability

/// Renders one registry again and again: the bytes of `PrometheusText`, faster and without allocations.
///
/// It keeps all text but the numbers, prepared after each new registration: about as much memory as one scrape. Keep the
/// buffer as well, emptied by `removeAll(keepingCapacity: true)`. Exponential histograms have their bounds made anew each
/// time, and exemplars their text, which does allocate.
public struct PrometheusRenderer: Sendable {
    /// Which text it renders.
    public let format: PrometheusFormat
    private let target: PrometheusTarget?
    private var collector: MetricsCollector
    private var plan: PrometheusPlan

    /// A renderer of a registry, which has prepared nothing yet.
    ///
    /// - Parameters:
    ///   - registry: what is rendered.
    ///   - format: which text.
    ///   - target: what is scraped; if given, the text begins with the series `target_info`.
    public init(_ registry: MetricsRegistry, as format: PrometheusFormat = .text, target: PrometheusTarget? = nil) {
        self.format = format
        self.target = target
        collector = MetricsCollector(registry)
        plan = PrometheusPlan([], numbersPerSeries: [], format, target)
    }

    /// Appends the text of all series as they are now: some 15 ns for each line, and 300 ns for each exemplar.
    public mutating func render(into bytes: inout [UInt8]) {
        if collector.collect() {
            plan = PrometheusPlan(collector.families, numbersPerSeries: collector.numbersPerSeries, format, target)
        }
        plan.render(collector.numbers, collector.exemplars, into: &bytes)
        PrometheusText.appendEnd(format, to: &bytes)
    }
}
