// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineObservability

@Suite("MetricsRegistry")
struct MetricsTests {
    private func values(_ family: MetricFamily) -> [UInt64] {
        family.series.map { series in
            switch series.value {
            case .counter(let value): value
            }
        }
    }

    @Test("counts exactly from eight threads")
    func concurrency() async {
        let registry = MetricsRegistry()
        let shared = registry.counter("calls_total", help: "Calls.")
        await withTaskGroup(of: Void.self) { group in
            for thread in 0..<8 {
                group.addTask {
                    let own = registry.counter("by_thread_total", help: "By thread.", labels: [("thread", "\(thread)")])
                    for _ in 0..<50_000 {
                        shared.increment()
                        own.increment(by: 3)
                    }
                }
            }
        }
        #expect(shared.value == 400_000)
        let families = registry.snapshot()
        #expect(families.map(\.name) == ["by_thread_total", "calls_total"])
        #expect(values(families[0]) == [UInt64](repeating: 150_000, count: 8))
        #expect(values(families[1]) == [400_000])
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
        #expect(families[0].series.last?.labels.first?.name == "otel_metric_overflow")
        #expect(values(families[0]) == [1, 2, 1, 7])
        #expect(families[1].series.map { $0.labels.map(\.value) } == [["9"]])
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

    @Test("leaves out empty, doubled and reserved labels")
    func labels() {
        let registry = MetricsRegistry()
        let labels = [("a", ""), ("b", "1"), ("b", "2"), ("otel_metric_overflow", "true")]
        _ = registry.counter("a", help: "", labels: labels)
        #expect(registry.snapshot()[0].series.map(\.labels) == [[MetricLabel(name: "b", value: "1")]])
    }
}
