// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineOTLP
import VitrineObservability

extension Sample {
    /// More of something than anybody wants.
    static var sizes: [Sample] {
        var wide = Sample("10000-attributes-that-go-out") {
            forward("wide", (0..<10_000).map { Field("key.\($0)", $0) })
        }
        wide.limits.attributeCount = .max
        var busy = Sample("cut-values") {
            everywhere([Field("text", String(repeating: "äöü€", count: 100)), Field("texts", ["abc€", "€uro"])])
        }
        busy.limits.valueByteCount = 4
        return [
            Sample("1000000-attributes") { forward("wide", (0..<1_000_000).map { Field("key.\($0)", $0) }) },
            Sample("100000-events") {
                let context = newContext()
                forward(
                    "busy", in: context, end: moment(200_000),
                    events: (0..<100_000).map { event("tick", in: context, time: moment(UInt64($0))) })
            },
            Sample("10000-links") {
                let trace = TraceID.random()
                forward(
                    "tied",
                    links: (0..<10_000).map { _ in SpanLink(SpanContext(traceID: trace, spanID: .random())) })
            },
            Sample("large-arrays") {
                everywhere([
                    Field("integers", (0..<20_000).map { Int64($0) }), Field("texts", (0..<2_000).map { "text \($0)" }),
                    Field("truths", (0..<2_000).map { $0 % 3 == 0 }), Field("none", [Int]()),
                    Field("doubles", (0..<2_000).map { Double($0) / 3 }),
                ])
            },
            Sample("5000-spans") { for number in 0..<5_000 { forward("many", [Field("number", number)]) } },
            wide, busy,
        ]
    }

    /// Metrics.
    static var series: [Sample] {
        let quoted = "a\"b\\c\nd\u{0}e\t{}=,#\u{2028}ü"
        return [
            Sample("metric-values") { registry in
                for (name, value) in [
                    ("nan", Double.nan), ("infinite", .infinity), ("negative", -.infinity), ("zero", -0.0),
                    ("least", .leastNonzeroMagnitude), ("greatest", .greatestFiniteMagnitude),
                ] {
                    registry.gauge("values", help: "Extreme.", labels: [("of", name)]).set(value)
                }
                registry.upDownCounter("depth", help: "Least.").add(.min)
                registry.counter("most_total", help: "Most.").increment(by: .max)
                registry.counter("large_total", help: "Large.").increment(by: 1 << 53 + 1)
            },
            Sample("histogram-values") { registry in
                let explicit = registry.histogram(
                    "odd_seconds", unit: .seconds, help: "Odd.", buckets: .explicit([-1, 0, .infinity, .nan, 0]))
                let exponential = registry.histogram("odd_bytes", unit: .bytes, help: "Odd.", buckets: .exponential)
                for value in [Double.nan, .infinity, -.infinity, -5, 0, -0.0, .leastNonzeroMagnitude, 1e300] {
                    explicit.record(value)
                    exponential.record(value)
                }
            },
            Sample("label-values") { registry in
                for value in [quoted, "\"", "\\", "\n", String(repeating: "x", count: 70_000), " ", "le", "+Inf"] {
                    registry.counter("labels_total", help: quoted, labels: [("value", value)]).increment()
                }
                registry.histogram(
                    "le_seconds", unit: .seconds, help: "", buckets: .explicit([1]), labels: [("le", quoted)]
                ).record(2)
                registry.gauge("instance_up", help: "#", labels: [("job", "forged"), ("instance", "forged")]).set(1)
            },
            Sample("metric-names") { registry in
                for name in ["", "9lives", "a b", "ü", "a.b/c-d", String(repeating: "n", count: 300), "up", "a:b"] {
                    registry.counter(name, help: "Named badly.", labels: [(name, "x"), ("__name__", "y")]).increment()
                }
            },
            Sample("10000-series") { registry in
                // Families of the most series that a registry keeps apart, and one with an overflow.
                for family in 0..<10 {
                    for number in 0..<1_000 {
                        let labels = [("number", "\(number)")]
                        registry.counter("many_\(family)_total", help: "Many.", labels: labels).increment()
                    }
                }
                for number in 0..<1_500 {
                    registry.gauge("overflowing", help: "Too many.", labels: [("number", "\(number)")]).set(1)
                }
            },
            Sample(
                "families-of-no-registry",
                families: [
                    MetricFamily(name: "empty", help: "No series.", kind: .gauge, series: []),
                    MetricFamily(
                        name: "other_kind", help: "A gauge's value.", kind: .counter,
                        series: [MetricSeries(labels: [], value: .gauge(1))]),
                    MetricFamily(
                        name: "mismatched_seconds", help: "Too few buckets.", kind: .histogram,
                        series: [
                            MetricSeries(
                                labels: [],
                                value: .histogram(HistogramValue(bounds: [2, 1], bucketCounts: [1, 2], sum: 4)))
                        ]),
                    MetricFamily(
                        name: "kept", help: "As it is.", kind: .gauge,
                        series: [MetricSeries(labels: [], value: .gauge(1))]),
                ]),
        ]
    }
}
