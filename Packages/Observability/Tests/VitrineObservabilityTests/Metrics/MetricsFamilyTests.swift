// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing

@testable import VitrineObservability

@Suite("InstrumentFamily")
struct MetricsFamilyTests {
    private func counts(_ registry: MetricsRegistry) -> [[String]: UInt64] {
        var result: [[String]: UInt64] = [:]
        for series in registry.snapshot().flatMap(\.series) {
            if case .counter(let value) = series.value {
                result[series.labels.map { "\($0.name)=\($0.value)" }] = value
            }
        }
        return result
    }

    @Test("counts by one, two, three and more values")
    func numbersOfValues() {
        for count in 1...5 {
            let registry = MetricsRegistry()
            let names = (0..<count).map { "l\($0)" }
            let family = registry.counterFamily(MetricDescriptor("a", help: ""), labelNames: names)
            for _ in 0..<3 {
                switch count {
                case 1: family.increment("x")
                case 2: family.increment(by: 1, "x", "yyyyyyyy")
                case 3: family.increment("x", "yyyyyyyy", "z and some more of it")
                default: family.increment(values: (0..<count).map { "v\($0)" })
                }
            }
            family.instrument(values: names).increment(by: 10)
            #expect(registry.snapshot()[0].series.allSatisfy { $0.labels.map(\.name) == names })
            #expect(counts(registry).values.sorted() == [3, 10])
        }
    }

    @Test("tells all values apart, of any length and across their borders")
    func distinct() {
        let registry = MetricsRegistry(maximumSeriesPerFamily: 10_000)
        let family = registry.counterFamily(MetricDescriptor("a", help: ""), labelNames: ["x", "y"])
        var expected: [[String]: UInt64] = [:]
        for length in 1...40 {
            for changed in 0..<length {
                var bytes = [UInt8](repeating: UInt8(ascii: "a"), count: length)
                bytes[changed] = UInt8(ascii: "b")
                let text = String(decoding: bytes, as: UTF8.self)
                family.increment(text, "c")
                family.increment(by: 2, "c", text)
                expected[["x=\(text)", "y=c"], default: 0] += 1
                expected[["x=c", "y=\(text)"], default: 0] += 2
            }
        }
        for (left, right) in [("ab", "c"), ("a", "bc"), ("é", "\u{0}"), ("\u{0}", "é")] {
            family.increment(left, right)
            expected[["x=\(left)", "y=\(right)"], default: 0] += 1
        }
        #expect(counts(registry) == expected)
    }

    @Test("takes missing and empty values for absent labels and ignores surplus ones")
    func unequalNumbers() {
        let registry = MetricsRegistry()
        let family = registry.counterFamily(MetricDescriptor("a", help: ""), labelNames: ["x", "y"])
        family.increment("1")
        family.increment("1", "")
        family.increment("1", "2", "3")
        family.increment(values: ["1", "2", "3", "4"])
        family.increment(values: [])
        #expect(counts(registry) == [["x=1"]: 2, ["x=1", "y=2"]: 2, []: 1])
        let bare = registry.counterFamily(MetricDescriptor("b", help: ""), labelNames: [])
        bare.increment("x")
        bare.increment("x", "y", "z")
        #expect(bare.instrument().value == 2)
    }

    @Test("shares its series with handles of the same labels")
    func sharing() {
        let registry = MetricsRegistry()
        let family = registry.counterFamily(MetricDescriptor("a", help: ""), labelNames: ["b c"])
        family.increment("1")
        registry.counter("a", help: "", labels: [("b_c", "1")]).increment()
        #expect(family.instrument("1").value == 2)
        #expect(counts(registry) == [["b_c=1"]: 2])
    }

    @Test("counts what is beyond the maximum in the overflow series, whatever hostile values come")
    func overflow() {
        let registry = MetricsRegistry(maximumSeriesPerFamily: 10)
        let family = registry.counterFamily(MetricDescriptor("a", help: ""), labelNames: ["x"])
        for number in 0..<5_000 { family.increment("value \(number)") }
        family.increment(by: 7, "value 3")
        let all = counts(registry)
        #expect(all.count == 11)
        #expect(all[["x=value 3"]] == 8)
        #expect(all[["otel_metric_overflow=true"]] == 4_990)
        #expect(family.instrument("another").value == 4_990)
    }

    @Test("counts everything together where no combination is kept apart, and asks for one instrument")
    func none() {
        let registry = MetricsRegistry()
        for maximum in [0, -1] {
            let family = CounterFamily(labelNames: ["x"], maximumCombinations: maximum) { labels in
                registry.counter(MetricDescriptor("a", help: ""), labels: labels)
            }
            family.increment("1")
            family.increment("1", "2")
            family.increment("1", "2", "3")
            family.increment(values: ["4"])
        }
        #expect(counts(registry) == [["otel_metric_overflow=true"]: 8])
    }

    @Test("cuts values that are too long and keeps no memory of them")
    func longValues() {
        let registry = MetricsRegistry()
        let family = registry.counterFamily(MetricDescriptor("a", help: ""), labelNames: ["x", "y"])
        let kept = String(repeating: "k", count: MetricLabel.maximumValueByteCount)
        for number in 0..<100 { family.increment(kept + "\(number)", "1") }
        family.increment(kept, "1")
        #expect(counts(registry) == [["x=\(kept)", "y=1"]: 101])
        let long = kept + "!"
        // SAFETY: only whether there is an entry.
        #expect(unsafe family.table.find([long, "1"]) == nil)
        #expect(unsafe family.table.find([kept, "1"]) != nil)
    }

    @Test("counts exactly from threads that see the same values first at the same time")
    func concurrency() {
        let registry = MetricsRegistry()
        let family = registry.counterFamily(MetricDescriptor("a", help: ""), labelNames: ["x", "y"])
        let histograms = registry.histogramFamily(
            MetricDescriptor("h", help: ""), buckets: .explicit([1]), labelNames: ["x"])
        let started = (0..<4).map { _ in
            MetricsThread {
                for round in 0..<60_000 {
                    family.increment("\(round % 300)", "some longer value")
                    histograms.record(1, "\(round % 200)")
                }
            }
        }
        for thread in started { thread.join() }
        #expect(counts(registry).count == 300)
        #expect(counts(registry).values.allSatisfy { $0 == 800 })
        let recorded = registry.snapshot()[1].series.map(\.value)
        let each = MetricValue.histogram(HistogramValue(bounds: [1], bucketCounts: [1_200, 0], sum: 1_200))
        #expect(recorded == [MetricValue](repeating: each, count: 200))
    }

    @Test("makes families of every kind")
    func kinds() {
        let registry = MetricsRegistry()
        let balances = registry.upDownCounterFamily(MetricDescriptor("a", help: ""), labelNames: ["x", "y", "z"])
        balances.add(3, "1")
        balances.add(-5, "1")
        balances.add(1, "1", "2")
        balances.add(1, "1", "2", "3")
        balances.add(1, values: ["1", "2", "3"])
        let gauges = registry.gaugeFamily(MetricDescriptor("b", help: ""), labelNames: ["x", "y", "z"])
        gauges.set(1, "1")
        gauges.set(2, "1")
        gauges.set(3, "1", "2")
        gauges.set(4, "1", "2", "3")
        gauges.set(5, values: ["9"])
        let sizes = registry.histogramFamily(
            MetricDescriptor("c", unit: .bytes, help: ""), labelNames: ["x", "y", "z"])
        sizes.record(64, "1")
        sizes.record(65, "1", "2")
        sizes.record(.nan, "1", "2", "3")
        sizes.record(66, values: ["1", "2", "3"])
        let families = registry.snapshot()
        #expect(families[0].series.map(\.value) == [.upDownCounter(-2), .upDownCounter(1), .upDownCounter(2)])
        #expect(families[1].series.map(\.value) == [.gauge(2), .gauge(3), .gauge(4), .gauge(5)])
        let histograms = families[2].series.compactMap { series in
            if case .histogram(let value) = series.value { value } else { nil }
        }
        #expect(histograms.map(\.sum) == [64, 65, 66])
        #expect(histograms.map(\.rejectedCount) == [0, 0, 1])
        #expect(histograms.map(\.bounds) == [[Double]](repeating: HistogramBounds.bytes.values, count: 3))
    }
}
