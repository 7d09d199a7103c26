// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineObservability
import VitrinePrometheus

@Suite("PrometheusRenderer")
struct PrometheusRendererTests {
    private func expectSame(
        _ renderer: inout PrometheusRenderer, _ registry: MetricsRegistry,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        var bytes = Array("before\n".utf8)
        renderer.render(into: &bytes)
        let text = "before\n" + PrometheusText.render(registry.snapshot())
        #expect(String(decoding: bytes, as: UTF8.self) == text, sourceLocation: sourceLocation)
    }

    @Test("gives the bytes of PrometheusText, before and after registrations and with every kind")
    func sameBytes() {
        let registry = MetricsRegistry(maximumSeriesPerFamily: 30)
        var renderer = PrometheusRenderer(registry)
        expectSame(&renderer, registry)
        for round in 0..<40 {
            let labels = [("round", "\(round)\n\"\\"), ("le", "1")]
            registry.counter("a_total", help: "A\n\\", labels: labels).increment(by: UInt64(round) << 58)
            registry.upDownCounter("b", help: "B", labels: labels).add(Int64(round) - 20)
            registry.gauge("c", help: "", labels: labels).set(Double(round) / 7 - 2)
            let explicit = registry.histogram("d", help: "D", buckets: .explicit([0.1, 1, 10]), labels: labels)
            let exponential = registry.histogram("e", help: "E", buckets: .exponential, labels: labels)
            let none = registry.histogram("f", help: "", buckets: .explicit([]), labels: labels)
            for value in 0..<round {
                explicit.record(Double(value) / 3)
                exponential.record(Double(value * value) / 3)
                none.record(Double(value))
            }
            explicit.record(.infinity)
            expectSame(&renderer, registry)
            exponential.record(-1)
            registry.gauge("c", help: "", labels: labels).add(0.1)
            expectSame(&renderer, registry)
        }
    }

    @Test("renders what another thread counts meanwhile, as whole lines")
    func meanwhile() async {
        let registry = MetricsRegistry()
        let histogram = registry.histogram("h", help: "", buckets: .explicit([1, 2, 3]))
        async let recording: Void = {
            for round in 0..<200_000 { histogram.record(Double(round & 3)) }
        }()
        var renderer = PrometheusRenderer(registry)
        for _ in 0..<200 {
            var bytes: [UInt8] = []
            renderer.render(into: &bytes)
            let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
            let counts = lines.dropFirst().map { UInt64($0.split(separator: " ")[1]) }
            #expect(lines.count == 7)
            // The last bucket, four behind the type, and the count are the same number, whatever happens meanwhile.
            #expect(counts[3] == counts[5])
            #expect(counts[0...3].compactMap(\.self) == counts[0...3].compactMap(\.self).sorted())
        }
        await recording
        expectSame(&renderer, registry)
    }
}
