// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineObservability
import VitrinePrometheus

@Suite("PrometheusRenderer, OpenMetrics")
struct OpenMetricsRendererTests {
    @Test(
        "gives the bytes of PrometheusText, with exemplars, target and every kind", arguments: PrometheusFormat.allCases
    )
    func sameBytes(_ format: PrometheusFormat) throws {
        let registry = MetricsRegistry(maximumSeriesPerFamily: 10, keepsExemplars: true)
        let target = PrometheusTarget([Field("service.name", "kitchen")])
        var renderer = PrometheusRenderer(registry, as: format, target: target)
        for round in 0..<14 {
            let labels = [("round", "\(round)\n\"\\"), ("le", "1")]
            let counter = registry.counter("a_total", help: "A\n\"", labels: labels)
            let plain = registry.counter("a", unit: .bytes, help: "A", labels: labels)
            registry.upDownCounter("b_bytes", unit: .bytes, help: "B", labels: labels).add(Int64(round) - 20)
            registry.gauge("c", help: "", labels: labels).set(Double(round) / 7 - 2)
            let explicit = registry.histogram("d", help: "D", buckets: .explicit([0.1, 1, 10]), labels: labels)
            let exponential = registry.histogram("e", help: "E", buckets: .exponential, labels: labels)
            let none = registry.histogram("f", help: "", buckets: .explicit([]), labels: labels)
            let negative = registry.histogram("g", help: "", buckets: .explicit([-1, 1]), labels: labels)
            let context = SpanContext(
                traceID: try #require(TraceID(high: 1, low: UInt64(round))),
                spanID: try #require(SpanID(rawValue: UInt64(round) + 1)))
            SpanContext.$current.withValue(round % 3 == 0 ? nil : context) {
                counter.increment(by: UInt64(round))
                plain.increment()
                for value in 0..<round {
                    explicit.record(Double(value) / 3)
                    exponential.record(Double(value * value) / 3)
                    none.record(Double(value) - 5)
                    negative.record(Double(value) - 5)
                }
            }
            explicit.record(.infinity)
            var bytes = Array("before\n".utf8)
            renderer.render(into: &bytes)
            let text = PrometheusText.render(registry.snapshot(), as: format, target: target)
            #expect(String(decoding: bytes, as: UTF8.self) == "before\n" + text)
            guard format != .text else { continue }
            let families = try OpenMetricsParser.families(text)
            #expect(families.map(\.type).count == 9)
            #expect(round < 2 || families.flatMap(\.lines).contains { $0.exemplar != nil })
        }
    }

    @Test("text recorded meanwhile in spans is valid each time")
    func meanwhile() async throws {
        let registry = MetricsRegistry(keepsExemplars: true)
        let histogram = registry.histogram("h", help: "", buckets: .explicit([1, 2, 3]))
        let counter = registry.counter("c_total", help: "")
        let context = SpanContext(
            traceID: try #require(TraceID(high: 1, low: 2)), spanID: try #require(SpanID(rawValue: 3)))
        async let recording: Void = {
            SpanContext.$current.withValue(context) {
                for round in 0..<50_000 {
                    histogram.record(Double(round & 3))
                    counter.increment()
                }
            }
        }()
        var renderer = PrometheusRenderer(registry, as: .openMetrics)
        for _ in 0..<200 {
            var bytes: [UInt8] = []
            renderer.render(into: &bytes)
            let families = try OpenMetricsParser.families(String(decoding: bytes, as: UTF8.self))
            #expect(families.map(\.name) == ["c", "h"])
            for line in families.flatMap(\.lines) where line.exemplar != nil { #expect(line.value > 0) }
        }
        await recording
    }
}
