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
