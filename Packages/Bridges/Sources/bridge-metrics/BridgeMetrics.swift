// SPDX-License-Identifier: MIT OR Apache-2.0

import CoreMetrics
import MetricsTestKit
import VitrineObservability
import VitrineSwiftMetrics

/// Both directions, one after the other: instruments of ours in a factory of swift-metrics, and instruments of swift-metrics in
/// a registry of ours.
@main
struct BridgeMetrics {
    static func main() {
        // Out: this backend prints each change; one of a real backend stands in the same place.
        Metrics.install(SwiftMetricsRecorder(StreamMetricsFactory.standardOutput()))
        let recorder = Metrics.recorder
        recorder.counter("orders_total", help: "Orders taken.", labels: [("shop", "north")]).increment(by: 3)
        recorder.upDownCounter("sandboxes", help: "Sandboxes alive.").add(2)
        recorder.histogram("call_seconds", unit: .seconds, help: "Duration of calls.").record(0.000_031)

        // In: whatever the application and its libraries measure is in the registry.
        MetricsSystem.bootstrap(VitrineMetricsFactory(MetricsRegistry.shared))
        CoreMetrics.Counter(label: "http.requests", dimensions: [("method", "GET")]).increment()
        Timer(label: "http.duration").recordMilliseconds(12)
        for family in MetricsRegistry.shared.snapshot() {
            for series in family.series {
                let labels = series.labels.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
                print("\(family.name) {\(labels)} \(text(of: series.value))")
            }
        }
    }

    private static func text(of value: MetricValue) -> String {
        switch value {
        case .counter(let total): "\(total)"
        case .upDownCounter(let sum): "\(sum)"
        case .gauge(let value): "\(value)"
        case .histogram(let value): "\(value.count) in all, sum \(value.sum)"
        case .exponentialHistogram(let value): "\(value.count) in all, sum \(value.sum)"
        }
    }
}
