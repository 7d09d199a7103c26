// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineObservability
import VitrinePrometheus

@Suite("OpenMetrics")
struct OpenMetricsTests {
    private func context(_ number: UInt64) throws -> SpanContext {
        SpanContext(
            traceID: try #require(TraceID(high: 0, low: number)), spanID: try #require(SpanID(rawValue: number)))
    }

    private func text(_ families: [MetricFamily], _ target: PrometheusTarget? = nil) throws -> String {
        let text = PrometheusText.render(families, as: .openMetrics, target: target)
        _ = try OpenMetricsParser.families(text)
        return text
    }

    private func family(
        _ name: String, _ kind: MetricKind, unit: MetricUnit = .none, _ value: MetricValue,
        exemplars: [MetricExemplar] = []
    ) -> MetricFamily {
        let series = MetricSeries(labels: [], value: value, exemplars: exemplars)
        return MetricFamily(name: name, unit: unit, help: "", kind: kind, series: [series])
    }

    @Test("renders every kind with type, unit and help, in this order, exemplars and an end")
    func kinds() throws {
        let labels = [MetricLabel(name: "le", value: "\"\\\n}"), MetricLabel(name: "z", value: "é")]
        let exemplars = [
            MetricExemplar(
                .double(0.5), in: try context(1), at: Timestamp(nanosecondsSinceEpoch: 1_700_000_000_000_000_005)),
            MetricExemplar(.double(11), in: nil, at: .unrecorded),
            MetricExemplar(.double(0.25), in: try context(2), at: Timestamp(nanosecondsSinceEpoch: 7)),
        ]
        let families = [
            MetricFamily(
                name: "a_bytes_total", unit: .bytes, help: "A\\B\nC \"D\"", kind: .counter,
                series: [
                    MetricSeries(
                        labels: labels, value: .counter(12_345),
                        exemplars: [
                            MetricExemplar(.int64(3), in: try context(0x10), at: Timestamp(nanosecondsSinceEpoch: 1))
                        ]
                    )
                ]),
            family("b", .upDownCounter, unit: .seconds, .upDownCounter(-3)),
            family("c_ratio", .gauge, unit: .one, .gauge(.nan)),
            MetricFamily(
                name: "d_seconds", unit: .seconds, help: "D.", kind: .histogram,
                series: [
                    MetricSeries(
                        labels: [MetricLabel(name: "le", value: "x")],
                        value: .histogram(
                            HistogramValue(bounds: [2.5e-5, 0.5, 10], bucketCounts: [0, 2, 0, 1], sum: 11.75)),
                        exemplars: exemplars)
                ]),
            family(
                "e", .exponentialHistogram,
                .exponentialHistogram(
                    ExponentialHistogramValue(
                        scale: 0, zeroCount: 1, zeroThreshold: 0x1p-30, offset: 0, bucketCounts: [2, 1], sum: 5)),
                exemplars: [MetricExemplar(.double(3), in: try context(3), at: .unrecorded)]),
        ]
        #expect(
            try text(families) == #"""
                # TYPE a_bytes counter
                # UNIT a_bytes bytes
                # HELP a_bytes A\\B\nC \"D\"
                a_bytes_total{le="\"\\\n}",z="é"} 12345 # {trace_id="00000000000000000000000000000010",span_id="0000000000000010"} 3 0.000000001
                # TYPE b gauge
                b -3
                # TYPE c_ratio gauge
                # UNIT c_ratio ratio
                c_ratio NaN
                # TYPE d_seconds histogram
                # UNIT d_seconds seconds
                # HELP d_seconds D.
                d_seconds_bucket{exported_le="x",le="2.5e-05"} 0
                d_seconds_bucket{exported_le="x",le="0.5"} 2 # {trace_id="00000000000000000000000000000001",span_id="0000000000000001"} 0.5 1700000000.000000005
                d_seconds_bucket{exported_le="x",le="10.0"} 2
                d_seconds_bucket{exported_le="x",le="+Inf"} 3 # {} 11
                d_seconds_sum{exported_le="x"} 11.75
                d_seconds_count{exported_le="x"} 3
                # TYPE e histogram
                e_bucket{le="9.313225746154785e-10"} 1
                e_bucket{le="2.0"} 3
                e_bucket{le="4.0"} 4 # {trace_id="00000000000000000000000000000003",span_id="0000000000000003"} 3
                e_bucket{le="+Inf"} 4
                e_sum 5
                e_count 4
                # EOF

                """#)
    }

    @Test(
        "writes bounds in the canonical form of the specification",
        arguments: [
            (0, "0.0"), (0.001, "0.001"), (0.002, "0.002"), (0.01, "0.01"), (0.1, "0.1"), (0.9, "0.9"), (0.95, "0.95"),
            (0.999, "0.999"), (1, "1.0"), (1.7, "1.7"), (10, "10.0"), (1e-10, "1e-10"), (1e-9, "1e-09"),
            (1e-5, "1e-05"),
            (0.0001, "0.0001"), (100_000, "100000.0"), (1e6, "1e+06"), (1e10, "1e+10"), (1e23, "1e+23"),
            (1.1e23, "1.1e+23"),
            (16_777_216, "1.6777216e+07"), (123_456.5, "123456.5"), (1e100, "1e+100"), (0.00025, "0.00025"),
            (2.5e-5, "2.5e-05"), (.leastNonzeroMagnitude, "5e-324"),
        ] as [(Double, String)]
    )
    func canonical(_ bound: Double, _ expected: String) throws {
        let value = HistogramValue(bounds: [bound], bucketCounts: [1, 1], sum: 1)
        let text = try text([family("h", .histogram, .histogram(value))])
        #expect(text.contains("h_bucket{le=\"\(expected)\"} 1\n"))
        #expect(Double(expected) == bound)
    }

    @Test(
        "a counter that is not called so, or whose family has a name that is taken, keeps its name and loses its type")
    func counters() throws {
        let registry = MetricsRegistry()
        registry.counter("plain", help: "").increment()
        registry.counter("_total", help: "").increment()
        registry.gauge("a", help: "").set(1)
        registry.counter("a_total", help: "").increment(by: 2)
        registry.counter("b_total", help: "").increment(by: 3)
        _ = registry.gauge("b_total", help: "")
        _ = registry.gauge("c_created", help: "")
        registry.counter("c_total", help: "").increment(by: 4)
        _ = registry.histogram("h", help: "", buckets: .explicit([1]))
        registry.counter("h_count", help: "").increment(by: 5)
        registry.counter("h_count_total", help: "").increment(by: 6)
        let families = try OpenMetricsParser.families(try text(registry.snapshot()))
        let lines = families.flatMap { family in family.lines.map { "\(family.type) \($0.name) \($0.text)" } }
        #expect(
            lines == [
                "unknown _total 1", "gauge a 1", "unknown a_total 2", "counter b_total 3", "gauge b_total_gauge 0",
                "gauge c_created 0", "unknown c_total 4", "histogram h_bucket 0", "histogram h_bucket 0",
                "histogram h_sum 0", "histogram h_count 0", "unknown h_count_counter 5", "unknown h_count_total 6",
                "unknown plain 1",
            ])
    }

    @Test("families of one name, made by hand, are told apart in both formats")
    func collisions() throws {
        let histogram = MetricValue.histogram(HistogramValue(bounds: [], bucketCounts: [1], sum: 1))
        let families = [
            family("x", .histogram, histogram), family("x", .gauge, .gauge(1)),
            family("x_count", .counter, .counter(2)),
            family("x", .gauge, .gauge(3)), family("target_info", .gauge, .gauge(4)), family("x-", .gauge, .gauge(5)),
            family("x_", .gauge, .gauge(6)), family("x_created", .gauge, .gauge(7)), family("y", .counter, .gauge(8)),
        ]
        let target = PrometheusTarget([Field("service.name", "s")])
        let older = PrometheusText.render(families, target: target)
        let names = older.split(separator: "\n").filter { !$0.hasPrefix("#") }
        #expect(
            names == [
                "target_info{service_name=\"s\"} 1", "x_bucket{le=\"+Inf\"} 1", "x_sum 1", "x_count 1", "x_gauge 1",
                "x_count_counter 2", "x_gauge_gauge 3", "target_info_gauge 4", "x_ 5", "x__gauge 6", "x_created 7",
            ])
        let lines = try OpenMetricsParser.families(try text(families, target)).flatMap(\.lines).map(\.name)
        #expect(lines.contains("x_created_gauge"))
        #expect(Set(lines).count == lines.count)
    }

    @Test("a unit is shown only behind a name that ends in its word")
    func units() throws {
        func unit(_ name: String, _ unit: MetricUnit, _ kind: MetricKind = .gauge) throws -> String {
            let value: MetricValue = kind == .counter ? .counter(1) : .gauge(1)
            return try OpenMetricsParser.families(try text([family(name, kind, unit: unit, value)]))[0].unit
        }
        #expect(try unit("a_seconds", .seconds) == "seconds")
        #expect(try unit("a_seconds_total", .seconds, .counter) == "seconds")
        #expect(try unit("a", .seconds) == "")
        #expect(try unit("seconds", .seconds) == "")
        #expect(try unit("a_bytes", .seconds) == "")
        #expect(try unit("a_call", "{call}") == "")
        #expect(try unit("a_seconds_count", .seconds, .counter) == "")
    }

    @Test("histograms that the specification has no place for lose sum and count, or their buckets")
    func histograms() throws {
        func names(_ bounds: [Double], _ counts: [UInt64], _ sum: Double) throws -> [String] {
            let value = MetricValue.histogram(HistogramValue(bounds: bounds, bucketCounts: counts, sum: sum))
            let lines = try OpenMetricsParser.families(try text([family("h", .histogram, value)]))[0].lines
            return lines.map { $0.name.dropFirst(2) + ($0.labels["le"] ?? "") }
        }
        #expect(try names([-1, 1], [1, 0, 0], -2) == ["bucket-1.0", "bucket1.0", "bucket+Inf"])
        #expect(try names([0], [1, 0], -2) == ["bucket0.0", "bucket+Inf"])
        #expect(try names([1], [1, 0], .nan) == ["bucket1.0", "bucket+Inf"])
        #expect(try names([2, 1], [1, 0, 0], 2) == ["bucket+Inf", "sum", "count"])
        #expect(try names([1, 1], [1, 0, 0], 2) == ["bucket+Inf", "sum", "count"])
        #expect(try names([.nan], [1, 0], 2) == ["bucket+Inf", "sum", "count"])
        #expect(try names([1, .infinity], [1, 0, 0], 2) == ["bucket1.0", "bucket+Inf", "sum", "count"])
        #expect(try names([], [], 0) == ["bucket+Inf", "sum", "count"])
    }

    @Test("an exemplar's labels take what there is room for, escaped")
    func exemplarFields() throws {
        let fields = [
            Field("a.b", "x\"\\\ny"), Field("long", String(repeating: "é", count: 100)), Field("span_id", "forged"),
            Field("", "empty"), Field("c", 7),
        ]
        let exemplar = MetricExemplar(.int64(1), in: try context(1), at: .unrecorded, fields: fields)
        let families = try OpenMetricsParser.families(
            try text([family("a_total", .counter, .counter(1), exemplars: [exemplar])]))
        let labels = try #require(families[0].lines[0].exemplar?.labels)
        #expect(labels.keys.sorted() == ["a_b", "c", "span_id", "trace_id"])
        #expect(labels["a_b"] == "x\"\\\ny")
        #expect(labels["span_id"] == "0000000000000001")
    }

    @Test("no exemplar has a NUL, for which Prometheus refuses the whole scrape")
    func exemplarWithNUL() throws {
        let exemplar = MetricExemplar(.int64(1), in: nil, at: .unrecorded, fields: [Field("k", "a\u{0}b\u{0}\u{301}")])
        let text = try text([family("a_total", .counter, .counter(1), exemplars: [exemplar])])
        #expect(!text.utf8.contains(0))
        let labels = try OpenMetricsParser.families(text)[0].lines[0].exemplar?.labels
        #expect(labels == ["k": "a\u{FFFD}b\u{FFFD}\u{301}"])
    }

    @Test("the target comes first, under valid names, bounded")
    func target() throws {
        let fields = [
            Field("service.name", "a"), Field("service_name", "b"), Field("b", ""), Field("1", "x\ny"), Field("z", 3),
            Field("z", 4), Field("", "none"), Field("l", String(repeating: "é", count: 1_000)),
        ]
        let target = PrometheusTarget(fields)
        #expect(target.labels.map(\.name) == ["_1", "l", "service_name", "z"])
        #expect(target.labels.map(\.value)[2...] == ["a;b", "4"])
        #expect(target.labels[1].value.utf8.count == 1_024)
        let short = PrometheusTarget([Field("service.name", "a\"b")])
        #expect(
            try text([], short)
                == "# TYPE target info\n# HELP target Target metadata\ntarget_info{service_name=\"a\\\"b\"} 1\n# EOF\n")
        #expect(
            PrometheusText.render([], target: short)
                == "# HELP target_info Target metadata\n# TYPE target_info gauge\ntarget_info{service_name=\"a\\\"b\"} 1\n"
        )
        let many = PrometheusTarget((0..<100).map { Field("k\($0)", $0) })
        #expect(many.labels.count == PrometheusTarget.maximumLabelCount)
    }

    @Test("nothing is an end alone")
    func nothing() throws {
        #expect(try text([]) == "# EOF\n")
        #expect(PrometheusText.render([], as: .openMetricsDraft) == "# EOF\n")
    }
}
