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
            let scrape = Scrape(.counters(10_000))
            return Sides(subject: .plain(scrape.render), isRight: { scrape.lineCount == 10_002 })
        },
        LoopCase(
            name: "openmetrics_10000", summary: "the same as OpenMetrics", goal: 250, countedOperations: 10,
            unit: .microseconds
        ) {
            let scrape = Scrape(.counters(10_000), as: .openMetrics)
            return Sides(subject: .plain(scrape.render), isRight: { scrape.lineCount == 10_003 })
        },
        LoopCase(
            name: "prometheus_histograms", summary: "100 histograms of 11 buckets as Prometheus text", goal: 60,
            countedOperations: 100, unit: .microseconds
        ) {
            let scrape = Scrape(.histograms(100))
            return Sides(subject: .plain(scrape.render), isRight: { scrape.lineCount == 1_302 })
        },
        LoopCase(
            name: "openmetrics_histograms", summary: "the same as OpenMetrics", goal: 60, countedOperations: 100,
            unit: .microseconds
        ) {
            let scrape = Scrape(.histograms(100), as: .openMetrics)
            return Sides(subject: .plain(scrape.render), isRight: { scrape.lineCount == 1_304 })
        },
        LoopCase(
            name: "openmetrics_exemplars", summary: "the same with an exemplar in each of 1,000 buckets",
            countedOperations: 10, unit: .microseconds
        ) {
            let scrape = Scrape(.histograms(100), as: .openMetrics, keepsExemplars: true)
            return Sides(subject: .plain(scrape.render), isRight: { scrape.exemplarCount == 1_000 })
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

    enum Contents {
        case counters(Int)
        case histograms(Int)
    }

    init(_ contents: Contents, as format: PrometheusFormat = .text, keepsExemplars: Bool = false) {
        let registry = MetricsRegistry(maximumSeriesPerFamily: 10_000, keepsExemplars: keepsExemplars)
        switch contents {
        case .counters(let count):
            let requests = MetricDescriptor("requests_total", help: "Requests.")
            for index in 0..<count {
                let labels = [("method", "GET"), ("path", "/items/\(index)")].map { MetricLabel(name: $0, value: $1) }
                registry.counter(requests, labels: labels).increment(by: UInt64(index) &* 7_919)
            }
        case .histograms(let count):
            let durations = MetricDescriptor("request_duration_seconds", unit: .seconds, help: "Durations.")
            let bounds = HistogramBounds([0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1])
            SpanContext.$current.withValue(SpanContext(traceID: .random(), spanID: .random())) {
                for index in 0..<count {
                    let label = MetricLabel(name: "path", value: "/items/\(index)")
                    let histogram = registry.histogram(durations, buckets: .explicit(bounds), labels: [label])
                    for bound in bounds.values { histogram.record(bound * 0.9) }
                }
            }
        }
        state = Mutex(State(renderer: PrometheusRenderer(registry, as: format)))
    }

    /// How many exemplars the text has.
    var exemplarCount: Int { state.withLock { $0.bytes.count { $0 == UInt8(ascii: "#") } } - 4 }

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
