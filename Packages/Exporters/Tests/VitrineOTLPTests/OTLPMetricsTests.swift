// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineOTLP
import VitrineObservability

@Suite("OTLP, metrics")
struct OTLPMetricsTests {
    private func points(_ value: MetricValue, _ kind: MetricKind, _ data: String) throws -> Tree? {
        let family = MetricFamily(
            name: "a", help: "", kind: kind, series: [MetricSeries(labels: [], value: value)])
        let decoded = try #require(DecodedMessage(try Sample.metrics([family]), .metrics))
        return decoded.tree["resource_metrics"]?["scope_metrics"]?["metrics"]?[data]?["data_points"]
    }

    @Test("of a real registry are read back, one point for each series")
    func registry() throws {
        let registry = MetricsRegistry()
        registry.counter("calls_total", help: "Calls.", labels: [("kind", "a")]).increment(by: 3)
        registry.gauge("share", help: "A share.").set(.nan)
        let exponential = registry.histogram(
            MetricDescriptor("sizes", unit: .bytes, help: "Sizes."), buckets: .exponential, labels: [])
        for value in [0.0, 1, 1_000, 1e6] { exponential.record(value) }
        var encoder = try OTLPEncoder(resource: Expectation.sender)
        var bytes: [UInt8] = []
        let count = try encoder.appendMetrics(
            registry.snapshot(), from: registry.startTime, to: .now, into: &bytes)
        #expect(count == 3)
        let tree = try #require(DecodedMessage(bytes, .metrics)?.tree["resource_metrics"]?["scope_metrics"]?["metrics"])
        #expect(tree.elements.map { $0["name"] } == ["calls_total", "share", "sizes"])
        let sum = try #require(tree.elements[0]["sum"]?["data_points"])
        #expect(sum["as_int"] == "3")
        #expect(sum["start_time_unix_nano"] == .number(registry.startTime.nanosecondsSinceEpoch))
        #expect(tree.elements[1]["gauge"]?["data_points"]?["as_double"] == .double(.nan))
        let sizes = try #require(tree.elements[2]["exponential_histogram"]?["data_points"])
        #expect(sizes["count"] == "4")
        #expect(sizes["zero_count"] == "1")
        let counts = sizes["positive"]?["bucket_counts"]?.elements.compactMap { $0.text.flatMap(UInt64.init) } ?? []
        #expect(counts.reduce(0, +) == 3)
    }

    @Test("take along the exemplars that a registry keeps")
    func exemplars() throws {
        let registry = MetricsRegistry(keepsExemplars: true)
        let counter = registry.counter("a_total", help: "")
        let histogram = registry.histogram("b", help: "", buckets: .explicit([1]))
        SpanContext.$current.withValue(Sample.context(3)) {
            counter.increment(by: 5)
            histogram.record(0.5)
        }
        histogram.record(0.25)
        let families = registry.snapshot()
        let decoded = try #require(DecodedMessage(try Sample.metrics(families), .metrics))
        let tree = try #require(decoded.tree["resource_metrics"]?["scope_metrics"]?["metrics"])
        let sum = try #require(tree.elements[0]["sum"]?["data_points"]?["exemplars"])
        #expect(sum["as_int"] == "5")
        #expect(sum["span_id"] == "0000000000000003")
        let bucket = try #require(tree.elements[1]["histogram"]?["data_points"]?["exemplars"])
        #expect(bucket["as_double"] == .double(0.5))
        #expect(bucket["trace_id"] == "0af7651916cd43dd8448eb211c80319c")
        let time = try #require(families[1].series[0].exemplars.first?.time)
        #expect(bucket["time_unix_nano"] == .number(time.nanosecondsSinceEpoch))
    }

    @Test("leave out buckets that do not fit their bounds, and keep count and sum")
    func mismatch() throws {
        for (bounds, counts) in [([1.0, 2], [5, 6]), ([2, 1], [5, 4, 2]), ([.nan], [5, 6])] as [([Double], [UInt64])] {
            let value = HistogramValue(bounds: bounds, bucketCounts: counts, sum: 9)
            let point = try #require(try points(.histogram(value), .histogram, "histogram"))
            #expect(point["count"] == "11")
            #expect(point["sum"] == .double(9))
            #expect(point["bucket_counts"] == nil)
            #expect(point["explicit_bounds"] == nil)
        }
    }

    @Test("leave out what is of another kind than its family, and families without points")
    func otherKinds() throws {
        #expect(try points(.gauge(1), .counter, "sum") == nil)
        var encoder = try OTLPEncoder(resource: Expectation.sender)
        var bytes: [UInt8] = []
        let mixed = MetricFamily(
            name: "a", help: "", kind: .counter,
            series: [
                MetricSeries(labels: [], value: .gauge(1)),
                MetricSeries(labels: [MetricLabel(name: "k", value: "v")], value: .counter(2)),
            ])
        let empty = MetricFamily(name: "b", help: "", kind: .gauge, series: [])
        #expect(try encoder.appendMetrics([mixed, empty], from: Sample.at(0), to: Sample.at(1), into: &bytes) == 1)
        let tree = DecodedMessage(bytes, .metrics)?.tree["resource_metrics"]?["scope_metrics"]?["metrics"]
        #expect(tree?.elements.count == 1)
        #expect(tree?["sum"]?["data_points"]?["as_int"] == "2")
    }

    @Test("take scales and offsets of any size, and start no later than they are taken")
    func extremes() throws {
        let value = ExponentialHistogramValue(
            scale: .min, zeroCount: .max, zeroThreshold: 0, offset: .max, bucketCounts: [.max], sum: .infinity)
        let point = try #require(
            try points(.exponentialHistogram(value), .exponentialHistogram, "exponential_histogram"))
        #expect(point["scale"] == .number(Int32.min))
        #expect(point["positive"]?["offset"] == .number(Int32.max))
        #expect(point["positive"]?["bucket_counts"] == [.number(UInt64.max)])
        #expect(point["sum"] == .double(.infinity))
        var encoder = try OTLPEncoder(resource: Expectation.sender)
        var bytes: [UInt8] = []
        try encoder.appendMetrics(Sample.families, from: Sample.at(9), to: Sample.at(5), into: &bytes)
        let tree = DecodedMessage(bytes, .metrics)?.tree["resource_metrics"]?["scope_metrics"]?["metrics"]
        let alive = tree?.elements[1]["sum"]?["data_points"]
        #expect(alive?["start_time_unix_nano"] == alive?["time_unix_nano"])
    }
}
