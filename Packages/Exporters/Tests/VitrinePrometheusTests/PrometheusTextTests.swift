// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineObservability
import VitrinePrometheus

@Suite("PrometheusText")
struct PrometheusTextTests {
    @Test("renders families with help, type and all series in the snapshot's order")
    func families() {
        let registry = MetricsRegistry()
        registry.counter("guest_errors_total", help: "Guest errors by code.", labels: [("code", "trap")]).increment(
            by: 2)
        registry.counter("guest_errors_total", help: "", labels: [("code", "abort")]).increment()
        registry.counter("erroneous_vcpu_kicks_total", help: "Kicks that hit nothing.").increment(by: .max)
        #expect(
            PrometheusText.render(registry.snapshot()) == """
                # HELP erroneous_vcpu_kicks_total Kicks that hit nothing.
                # TYPE erroneous_vcpu_kicks_total counter
                erroneous_vcpu_kicks_total 18446744073709551615
                # HELP guest_errors_total Guest errors by code.
                # TYPE guest_errors_total counter
                guest_errors_total{code="abort"} 1
                guest_errors_total{code="trap"} 2

                """)
    }

    @Test("escapes label values and help as the format says")
    func escaping() {
        let registry = MetricsRegistry()
        let labels = [("b", "a\"b\\c\nd"), ("a", "ü\tx")]
        _ = registry.counter("m", help: "a \"quote\", a \\ and\na line", labels: labels)
        #expect(
            PrometheusText.render(registry.snapshot()) == #"""
                # HELP m a "quote", a \\ and\na line
                # TYPE m counter
                m{a="ü	x",b="a\"b\\c\nd"} 0

                """#)
    }

    @Test("no label value can end its line or its quotation")
    func forgery() {
        let registry = MetricsRegistry()
        _ = registry.counter("m", help: "", labels: [("l", "\"} 1\nforged 1\r\n")])
        let text = PrometheusText.render(registry.snapshot())
        #expect(text.utf8.filter { $0 == UInt8(ascii: "\n") }.count == 2)
        #expect(!text.split(separator: "\n").contains { $0.hasPrefix("forged") })
    }

    @Test("a family made by hand with bad names still gives valid lines")
    func badNames() {
        let series = MetricSeries(labels: [MetricLabel(name: "a b", value: "1")], value: .counter(3))
        let family = MetricFamily(name: "1 m\n", help: "", kind: .counter, series: [series])
        #expect(PrometheusText.render([family]) == "# TYPE _1_m_ counter\n_1_m_{a_b=\"1\"} 3\n")
    }

    @Test("of series made by hand that a server could not tell apart, the first is shown")
    func equalSeries() {
        func series(_ labels: [(String, String)], _ value: UInt64) -> MetricSeries {
            MetricSeries(labels: labels.map { MetricLabel(name: $0.0, value: $0.1) }, value: .counter(value))
        }
        let family = MetricFamily(
            name: "m_total", help: "", kind: .counter,
            series: [
                series([("a", "1"), ("b", "2")], 1), series([("b", "2"), ("a", "1")], 2),
                series([("a", "1"), ("b", "2"), ("c", "")], 3), series([("a", "1"), ("b", "2"), ("a", "9")], 4),
                series([("a", "é")], 5), series([("a", "e\u{301}")], 6), series([], 7), series([("a", "")], 8),
                series([("x y", "")], 9), series([("a", "12")], 10),
            ])
        let numbers = PrometheusText.render([family]).split(separator: "\n").dropFirst().map {
            $0.split(separator: " ")[1]
        }
        #expect(numbers == ["1", "5", "6", "7", "10"])
    }

    @Test("renders every kind, with hostile labels")
    func kinds() {
        let registry = MetricsRegistry()
        registry.counter("a_total", help: "A\\B\nC \"D\"", labels: [("le", "\"\\\n}"), ("z", "é")]).increment(
            by: 12_345)
        registry.upDownCounter("b", unit: "{sandbox}", help: "").add(-3)
        registry.gauge("c", help: "", labels: [("l", "nan")]).set(.nan)
        registry.gauge("c", help: "", labels: [("l", "low")]).set(-.infinity)
        registry.gauge("c", help: "", labels: [("l", "small")]).set(0.1)
        registry.gauge("c", help: "", labels: [("l", "whole")]).set(-12)
        let seconds = registry.histogram(
            "d_seconds", unit: .seconds, help: "D.", buckets: .explicit([1e-6, 2.5e-5, 0.5, 10]),
            labels: [("le", "x\"y"), ("a", "1")])
        for value in [1e-6, 2e-6, 0.25, 10, 11, .nan] { seconds.record(value) }
        let sizes = registry.histogram("e_bytes", unit: .bytes, help: "", buckets: .exponential)
        for value in [0.0, 1, 2, 2] { sizes.record(value) }
        #expect(
            PrometheusText.render(registry.snapshot()) == #"""
                # HELP a_total A\\B\nC "D"
                # TYPE a_total counter
                a_total{le="\"\\\n}",z="é"} 12345
                # TYPE b gauge
                b -3
                # TYPE c gauge
                c{l="low"} -Inf
                c{l="nan"} NaN
                c{l="small"} 0.1
                c{l="whole"} -12
                # HELP d_seconds D.
                # TYPE d_seconds histogram
                d_seconds_bucket{a="1",exported_le="x\"y",le="1e-06"} 1
                d_seconds_bucket{a="1",exported_le="x\"y",le="2.5e-05"} 2
                d_seconds_bucket{a="1",exported_le="x\"y",le="0.5"} 3
                d_seconds_bucket{a="1",exported_le="x\"y",le="10"} 4
                d_seconds_bucket{a="1",exported_le="x\"y",le="+Inf"} 5
                d_seconds_sum{a="1",exported_le="x\"y"} 21.250003
                d_seconds_count{a="1",exported_le="x\"y"} 5
                # TYPE e_bytes histogram
                e_bytes_bucket{le="9.313225746154785e-10"} 1
                e_bytes_bucket{le="1"} 2
                e_bytes_bucket{le="1.0905077326652575"} 2
                e_bytes_bucket{le="1.189207115002721"} 2
                e_bytes_bucket{le="1.2968395546510096"} 2
                e_bytes_bucket{le="1.414213562373095"} 2
                e_bytes_bucket{le="1.5422108254079407"} 2
                e_bytes_bucket{le="1.681792830507429"} 2
                e_bytes_bucket{le="1.8340080864093424"} 2
                e_bytes_bucket{le="2"} 4
                e_bytes_bucket{le="+Inf"} 4
                e_bytes_sum 5
                e_bytes_count 4

                """#)
    }

    @Test("histograms made by hand, with bounds and counts that do not agree, give lines that do")
    func disagreement() {
        func text(_ bounds: [Double], _ counts: [UInt64]) -> String {
            let value = MetricValue.histogram(HistogramValue(bounds: bounds, bucketCounts: counts, sum: 1))
            let series = MetricSeries(labels: [], value: value)
            return PrometheusText.render([MetricFamily(name: "h", help: "", kind: .histogram, series: [series])])
        }
        let end = "h_sum 1\nh_count 3\n"
        let start = "# TYPE h histogram\n"
        #expect(text([], [3]) == start + "h_bucket{le=\"+Inf\"} 3\n" + end)
        #expect(text([1, 2], [3]) == start + "h_bucket{le=\"1\"} 3\nh_bucket{le=\"+Inf\"} 3\n" + end)
        #expect(text([1], [1, 1, 1]) == start + "h_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 3\n" + end)
        #expect(text([1, .infinity], [1, 2]) == start + "h_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 3\n" + end)
    }

    @Test(
        "writes numbers so that they read back as they were",
        arguments: [
            (0, "0"), (-0.0, "0"), (1, "1"), (-1, "-1"), (0.5, "0.5"), (9_007_199_254_740_992, "9007199254740992"),
            (1e22, "1e+22"), (1e-7, "1e-07"), (.infinity, "+Inf"), (-.infinity, "-Inf"), (.nan, "NaN"),
            (.greatestFiniteMagnitude, "1.7976931348623157e+308"),
            (-2.2250738585072014e-308, "-2.2250738585072014e-308"),
            (-.leastNonzeroMagnitude, "-5e-324"), (0.1 + 0.2, "0.30000000000000004"),
        ] as [(Double, String)]
    )
    func numbers(_ value: Double, _ text: String) {
        let registry = MetricsRegistry()
        registry.gauge("g", help: "").set(value)
        #expect(PrometheusText.render(registry.snapshot()) == "# TYPE g gauge\ng \(text)\n")
        #expect(text.contains("a") || text.contains("I") || Double(text) == value)
    }

    @Test("writes whole numbers of every length")
    func wholeNumbers() {
        let registry = MetricsRegistry()
        var expected = "# TYPE c counter\n"
        var value: UInt64 = 9
        for length in 1...19 {
            for (name, number) in [("a", value - 1), ("b", value), ("c", value + 1)] {
                let label = "\(length + 10)\(name)"
                registry.counter("c", help: "", labels: [("l", label)]).increment(by: number)
                expected += "c{l=\"\(label)\"} \(number)\n"
            }
            value = value &* 10 &+ 9
        }
        registry.counter("c", help: "", labels: [("l", "z")]).increment(by: .max)
        expected += "c{l=\"z\"} 18446744073709551615\n"
        #expect(PrometheusText.render(registry.snapshot()) == expected)
    }

    @Test("renders nothing for nothing, and appends to what is there")
    func buffer() {
        #expect(PrometheusText.render([]).isEmpty)
        let registry = MetricsRegistry()
        _ = registry.counter("m", help: "")
        var bytes = Array("x\n".utf8)
        PrometheusText.render(registry.snapshot(), into: &bytes)
        #expect(String(decoding: bytes, as: UTF8.self) == "x\n# TYPE m counter\nm 0\n")
    }

    @Test("two scrapes without a change are equal")
    func stable() {
        let registry = MetricsRegistry()
        for index in 0..<100 {
            _ = registry.counter("m_\(index % 7)", help: "h", labels: [("l", "\(index)")])
        }
        #expect(PrometheusText.render(registry.snapshot()) == PrometheusText.render(registry.snapshot()))
    }
}
