// SPDX-License-Identifier: MIT OR Apache-2.0

import CoreMetrics
import MetricsTestKit
import Testing
import VitrineObservability
import VitrineSwiftMetrics

@Suite("swift-metrics in both directions")
struct BothDirectionsTests {
    @Test("What goes through our instruments comes out as it went in")
    func theirsThroughOurs() throws {
        let out = TestMetrics()
        let factory = VitrineMetricsFactory(SwiftMetricsRecorder(out))
        let dimensions = [("k", "v")]
        CoreMetrics.Counter(label: "a.counter", dimensions: dimensions, factory: factory).increment(by: 3)
        let meter = Meter(label: "a.meter", dimensions: dimensions, factory: factory)
        meter.set(4.5)
        meter.increment(by: 1.5)
        Timer(label: "a.timer", dimensions: dimensions, factory: factory).recordNanoseconds(123_456_789)
        Recorder(label: "a.recorder", dimensions: dimensions, factory: factory).record(0.25)
        #expect(try out.expectCounter("a.counter", dimensions).values == [3])
        #expect(try out.expectMeter("a.meter", dimensions).values == [4.5, 6])
        #expect(try out.expectTimer("a.timer", dimensions).values == [123_456_789])
        #expect(try out.expectRecorder("a.recorder", dimensions).values == [0.25])
    }

    @Test("What goes through their instruments comes out as it went in")
    func oursThroughTheirs() {
        let registry = MetricsRegistry()
        let recorder = SwiftMetricsRecorder(VitrineMetricsFactory(registry, help: "h"))
        recorder.counter("counter", help: "", labels: [("k", "v")]).increment(by: 3)
        recorder.gauge("gauge", help: "").set(4.5)
        recorder.upDownCounter("sum", help: "").add(-2)
        recorder.histogram("seconds", unit: .seconds, help: "").record(0.5)
        recorder.histogram("plain", help: "").record(7)
        let values = Dictionary(
            uniqueKeysWithValues: registry.snapshot().map { ($0.name, $0.series.map(\.value)) })
        #expect(values["counter"] == [.counter(3)])
        #expect(values["gauge"] == [.gauge(4.5)])
        #expect(values["sum"] == [.gauge(-2)])
        for (name, bounds, value) in [("seconds", HistogramBounds.seconds, 0.5), ("plain", .plain, 7)] {
            let counts = (bounds.values + [.infinity]).enumerated().map { index, bound -> UInt64 in
                value <= bound && (index == 0 || value > bounds.values[index - 1]) ? 1 : 0
            }
            #expect(
                values[name] == [.histogram(HistogramValue(bounds: bounds.values, bucketCounts: counts, sum: value))])
        }
    }
}
