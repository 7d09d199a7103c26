// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineObservability

@Suite("MetricsRegistry")
struct MetricsRegistryTests {
    private func values(_ family: MetricFamily) -> [UInt64] {
        family.series.compactMap { series in
            if case .counter(let value) = series.value { value } else { nil }
        }
    }

    @Test("gives the same counter for the same name and labels in any order")
    func identity() {
        let registry = MetricsRegistry()
        registry.counter("a", help: "first", labels: [("x", "1"), ("y", "2")]).increment()
        registry.counter("a", help: "second", labels: [("y", "2"), ("x", "1")]).increment()
        let families = registry.snapshot()
        #expect(families.count == 1)
        #expect(families[0].help == "first")
        #expect(families[0].kind == .counter)
        #expect(
            families[0].series == [
                MetricSeries(
                    labels: [MetricLabel(name: "x", value: "1"), MetricLabel(name: "y", value: "2")],
                    value: .counter(2))
            ])
    }

    @Test("gives every kind with its unit and value")
    func kinds() {
        let registry = MetricsRegistry()
        registry.counter(MetricDescriptor("a_total", unit: .one, help: "A.")).increment(by: 7)
        let alive = registry.upDownCounter("b", unit: "{sandbox}", help: "B.")
        alive.increment()
        alive.add(-5)
        alive.decrement()
        let share = registry.gauge("c", help: "C.")
        share.set(0.5)
        share.add(0.25)
        let sizes = registry.histogram("d_bytes", unit: .bytes, help: "D.", buckets: .explicit([1, 10]))
        for value in [0.5, 1, 2, 11, 12] { sizes.record(value) }
        let times = registry.histogram("e_seconds", unit: .seconds, help: "E.", buckets: .exponential)
        for value in [1.0, 2, 0] { times.record(value) }
        let families = registry.snapshot()
        #expect(families.map(\.name) == ["a_total", "b", "c", "d_bytes", "e_seconds"])
        #expect(families.map(\.unit.code) == ["1", "{sandbox}", "", "By", "s"])
        #expect(families.map(\.help) == ["A.", "B.", "C.", "D.", "E."])
        #expect(families.map(\.kind) == [.counter, .upDownCounter, .gauge, .histogram, .exponentialHistogram])
        #expect(families.allSatisfy { $0.series.count == 1 && $0.series[0].labels.isEmpty })
        #expect(
            families.map { $0.series[0].value } == [
                .counter(7), .upDownCounter(-5), .gauge(0.75),
                .histogram(HistogramValue(bounds: [1, 10], bucketCounts: [2, 1, 2], sum: 26.5)),
                .exponentialHistogram(
                    ExponentialHistogramValue(
                        scale: 3, zeroCount: 1, zeroThreshold: 0x1p-30, offset: -1,
                        bucketCounts: [1, 0, 0, 0, 0, 0, 0, 0, 1], sum: 3)),
            ])
        #expect(alive.value == -5)
        #expect(share.value == 0.75)
    }

    @Test("orders families and series the same every time")
    func order() {
        let names = ["b", "a", "c"]
        let registry = MetricsRegistry()
        for name in names {
            for label in ["2", "10", "1"] { _ = registry.counter(name, help: "", labels: [("l", label)]) }
            _ = registry.counter(name, help: "")
        }
        let families = registry.snapshot()
        #expect(families.map(\.name) == ["a", "b", "c"])
        for family in families {
            #expect(family.series.map { $0.labels.map(\.value) } == [[], ["1"], ["10"], ["2"]])
        }
    }

    @Test("keeps no more combinations than the maximum and loses no count")
    func overflow() {
        let registry = MetricsRegistry(maximumSeriesPerFamily: 3)
        for index in 0..<10 {
            registry.counter("a", help: "", labels: [("i", "\(index)")]).increment()
        }
        registry.counter("a", help: "", labels: [("i", "1")]).increment()
        _ = registry.counter("b", help: "", labels: [("i", "9")])
        let families = registry.snapshot()
        #expect(families[0].series.map { $0.labels.map(\.value) } == [["0"], ["1"], ["2"], ["true"]])
        #expect(families[0].series.last?.labels == [.overflow])
        #expect(MetricLabel.overflow.name == "otel_metric_overflow")
        #expect(values(families[0]) == [1, 2, 1, 7])
        #expect(families[1].series.map { $0.labels.map(\.value) } == [["9"]])
    }

    @Test("leaves out empty, doubled and reserved labels, and cuts long values between scalars")
    func labels() {
        let registry = MetricsRegistry()
        let labels = [("a", ""), ("b", "1"), ("b", "2"), ("otel_metric_overflow", "true")]
        _ = registry.counter("a", help: "", labels: labels)
        let long = String(repeating: "x", count: MetricLabel.maximumValueByteCount - 1)
        _ = registry.counter("b", help: "", labels: [("a", long + "ü"), ("b", long + "yz")])
        let families = registry.snapshot()
        #expect(families[0].series.map(\.labels) == [[MetricLabel(name: "b", value: "1")]])
        #expect(families[1].series.map { $0.labels.map(\.value) } == [[long, long + "y"]])
    }

    @Test("gives another kind under a taken name a name of its own, and loses nothing")
    func conflict() {
        let registry = MetricsRegistry()
        registry.counter("a", help: "").increment()
        registry.gauge("a", help: "").set(2)
        registry.gauge("a", help: "").add(1)
        registry.counter("b_gauge", help: "").increment()
        registry.counter("b", help: "").increment()
        registry.gauge("b", help: "").set(5)
        #expect(registry.snapshot().map(\.name) == ["a", "a_gauge", "b", "b_gauge", "b_gauge_gauge"])
        #expect(
            registry.snapshot().map { $0.series[0].value } == [
                .counter(1), .gauge(3), .counter(1), .counter(1), .gauge(5),
            ])
    }

    @Test("keeps the names of a histogram's lines for it")
    func histogramLines() {
        let registry = MetricsRegistry()
        registry.histogram("h", help: "").record(1)
        registry.counter("h_count", help: "").increment()
        registry.counter("g_sum", help: "").increment()
        registry.histogram("g", help: "").record(1)
        #expect(registry.snapshot().map(\.name) == ["g_histogram", "g_sum", "h", "h_count_counter"])
    }

    @Test("gives all series of a histogram the bounds of the first")
    func boundsOfTheFirst() {
        let registry = MetricsRegistry()
        registry.histogram("h", help: "", buckets: .explicit([1, 2]), labels: [("l", "a")]).record(1.5)
        registry.histogram("h", help: "", buckets: .explicit([9]), labels: [("l", "b")]).record(1.5)
        let value = MetricValue.histogram(HistogramValue(bounds: [1, 2], bucketCounts: [0, 1, 0], sum: 1.5))
        #expect(registry.snapshot()[0].series.map(\.value) == [value, value])
    }

    @Test("says when it began")
    func startTime() {
        let before = Timestamp.now
        let registry = MetricsRegistry()
        #expect(before <= registry.startTime)
        #expect(registry.startTime <= Timestamp.now)
    }

    @Test(
        "normalizes names",
        arguments: [
            ("a_total", "a_total"), ("ns:a", "ns:a"), ("", "_"), ("1a", "_1a"), ("a-b.c", "a_b_c"), ("é", "_"),
            ("a b", "a_b"), ("__a", "__a"), ("a\n", "a_"),
        ]
    )
    func names(_ name: String, _ normalized: String) {
        #expect(MetricName.normalized(name) == normalized)
        #expect(MetricName.isValid(name) == (name == normalized))
        #expect(MetricName.isValid(normalized))
    }

    @Test(
        "normalizes names of labels",
        arguments: [("a", "a"), ("a:b", "a_b"), ("__a", "_a"), ("____", "_"), ("0", "_0"), ("", "_"), ("..a", "_a")]
    )
    func labelNames(_ name: String, _ normalized: String) {
        #expect(MetricName.normalizedLabel(name) == normalized)
        #expect(MetricName.isValidLabel(normalized))
    }
}
