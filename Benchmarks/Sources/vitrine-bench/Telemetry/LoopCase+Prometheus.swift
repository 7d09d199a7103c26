// SPDX-License-Identifier: MIT OR Apache-2.0

import BenchmarkHarness
import CBenchmarkProbes
import Synchronization
import VitrineObservability
import VitrinePrometheus

extension LoopCase {
    static let prometheus = [
        LoopCase(
            name: "prometheus_10000", summary: "10,000 counter series with two labels as Prometheus text", goal: 250,
            countedOperations: 10, unit: .microseconds
        ) {
            let scrape = Scrape(seriesCount: 10_000)
            return Sides(subject: .plain(scrape.render), isRight: { scrape.lineCount == 10_002 })
        },
        LoopCase(
            name: "prometheus_100_histograms", summary: "100 histograms of 11 buckets with a label as Prometheus text",
            goal: 60, countedOperations: 100, unit: .microseconds
        ) {
            let scrape = Scrape(histogramCount: 100)
            // Each has its buckets, one of all, a sum and a count.
            return Sides(subject: .plain(scrape.render), isRight: { scrape.lineCount == 100 * (11 + 3) + 2 })
        },
    ]
}

/// A registry that is scraped again and again into the same buffer.
private final class Scrape: Sendable {
    private struct State {
        var renderer: PrometheusRenderer
        var bytes: [UInt8] = []
    }

    private let state: Mutex<State>

    init(seriesCount: Int) {
        let registry = MetricsRegistry(maximumSeriesPerFamily: seriesCount)
        let requests = MetricDescriptor("requests_total", help: "Requests.")
        for index in 0..<seriesCount {
            let labels = [("method", "GET"), ("path", "/items/\(index)")].map { MetricLabel(name: $0, value: $1) }
            registry.counter(requests, labels: labels).increment(by: UInt64(index) &* 7_919)
        }
        state = Mutex(State(renderer: PrometheusRenderer(registry)))
    }

    init(histogramCount: Int) {
        let registry = MetricsRegistry(maximumSeriesPerFamily: histogramCount)
        let bounds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]
        let durations = MetricDescriptor("duration_seconds", help: "Durations.")
        for index in 0..<histogramCount {
            let histogram = registry.histogram(
                durations, buckets: .explicit(HistogramBounds(bounds)),
                labels: [MetricLabel(name: "path", value: "/items/\(index)")])
            for value in 0..<100 { histogram.record(Double(value * index) * 0.001) }
        }
        state = Mutex(State(renderer: PrometheusRenderer(registry)))
    }

    /// How many lines the text has: one of each series, and two in front.
    var lineCount: Int { state.withLock { $0.bytes.count { $0 == UInt8(ascii: "\n") } } }

    @Sendable
    func render(_ count: Int) {
        state.withLock { state in
            for _ in 0..<count {
                state.bytes.removeAll(keepingCapacity: true)
                state.renderer.render(into: &state.bytes)
                loop_barrier(Int64(state.bytes.count))
            }
        }
    }
}
