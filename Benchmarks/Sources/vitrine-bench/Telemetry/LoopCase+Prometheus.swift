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
        }
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
