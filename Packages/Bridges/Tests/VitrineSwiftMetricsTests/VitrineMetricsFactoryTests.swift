// SPDX-License-Identifier: MIT OR Apache-2.0

import CoreMetrics
import Testing
import VitrineObservability
import VitrineSwiftMetrics

@Suite("VitrineMetricsFactory")
struct VitrineMetricsFactoryTests {
    private let registry = MetricsRegistry()
    private var factory: VitrineMetricsFactory { VitrineMetricsFactory(registry, help: "h") }

    private func family(_ name: String) throws -> MetricFamily {
        try #require(registry.snapshot().first { $0.name == name })
    }

    private func histogram(_ name: String) throws -> HistogramValue {
        guard case .histogram(let value) = try family(name).series.first?.value else {
            throw Missing(name: name)
        }
        return value
    }

    private struct Missing: Error {
        let name: String
    }

    @Test("A counter counts in ours, under a valid name and labels in order")
    func counters() throws {
        let counter = CoreMetrics.Counter(
            label: "http.requests", dimensions: [("method", "GET"), ("a-b", "c")], factory: factory)
        counter.increment()
        counter.increment(by: 41)
        #expect(
            try family("http_requests")
                == MetricFamily(
                    name: "http_requests", help: "h", kind: .counter,
                    series: [
                        MetricSeries(
                            labels: [MetricLabel(name: "a_b", value: "c"), MetricLabel(name: "method", value: "GET")],
                            value: .counter(42))
                    ]))
    }

    @Test("A total never falls: negative amounts and resets do nothing, and it goes on after a destruction")
    func monotonic() throws {
        let counter = CoreMetrics.Counter(label: "n", factory: factory)
        counter.increment(by: 5)
        counter.increment(by: -3)
        counter.reset()
        counter.destroy()
        #expect(try family("n").series.map(\.value) == [.counter(5)])
        CoreMetrics.Counter(label: "n", factory: factory).increment()
        #expect(try family("n").series.map(\.value) == [.counter(6)])
    }

    @Test("A floating-point counter counts the whole part of its total")
    func floatingPointCounters() throws {
        let counter = FloatingPointCounter(label: "n", factory: factory)
        for amount in [0.5, 0.75, 2.5, -1, .nan, .infinity] { counter.increment(by: amount) }
        #expect(try family("n").series.map(\.value) == [.counter(3)])
        counter.destroy()
    }

    @Test("A meter is a gauge that is set, incremented and decremented")
    func meters() throws {
        let meter = Meter(label: "m", factory: factory)
        meter.set(10)
        meter.increment(by: 2.5)
        meter.decrement()
        meter.increment(by: Double.nan)
        meter.decrement(by: Double.infinity)
        #expect(try family("m").kind == .gauge)
        #expect(try family("m").series.map(\.value) == [.gauge(11.5)])
        meter.set(-0.5)
        #expect(try family("m").series.map(\.value) == [.gauge(-0.5)])
        meter.destroy()
    }

    @Test("A recorder that aggregates is a histogram with the bounds it is given")
    func recorders() throws {
        let factory = VitrineMetricsFactory(registry, recorderBuckets: .explicit([1, 10]))
        let recorder = Recorder(label: "r", factory: factory)
        recorder.record(1)
        recorder.record(5.5)
        recorder.record(100)
        #expect(
            try histogram("r") == HistogramValue(bounds: [1, 10], bucketCounts: [1, 1, 1], sum: 106.5))
        recorder.destroy()
    }

    @Test("A recorder that does not aggregate is a gauge, and so is a gauge")
    func gauges() throws {
        let recorder = Recorder(label: "r", aggregate: false, factory: factory)
        recorder.record(3)
        recorder.record(4.5)
        CoreMetrics.Gauge(label: "g", factory: factory).record(7)
        #expect(try family("r").series.map(\.value) == [.gauge(4.5)])
        #expect(try family("g").series.map(\.value) == [.gauge(7)])
    }

    @Test(
        "A timer is a histogram in seconds, whatever unit it prefers",
        arguments: [
            nil, TimeUnit.nanoseconds, .milliseconds, .hours,
        ])
    func timers(_ unit: TimeUnit?) throws {
        let factory = VitrineMetricsFactory(registry, timerBuckets: .explicit([0.001, 1]))
        let timer =
            if let unit {
                Timer(label: "t", preferredDisplayUnit: unit, factory: factory)
            } else {
                Timer(label: "t", factory: factory)
            }
        timer.recordNanoseconds(1_000_000)
        timer.recordMilliseconds(250)
        timer.recordSeconds(2)
        #expect(try family("t").unit == .seconds)
        #expect(try histogram("t") == HistogramValue(bounds: [0.001, 1], bucketCounts: [1, 1, 1], sum: 2.251))
        timer.destroy()
    }

    @Test("Timers have the bounds for seconds and recorders those for anything, if nothing is said")
    func standardBuckets() throws {
        Timer(label: "t", factory: factory).recordNanoseconds(1)
        Recorder(label: "r", factory: factory).record(1)
        #expect(try histogram("t").bounds == HistogramBounds.seconds.values)
        #expect(try histogram("r").bounds == HistogramBounds.plain.values)
    }

    @Test("A name that another kind has gets its kind behind")
    func nameOfTwoKinds() throws {
        CoreMetrics.Counter(label: "x", factory: factory).increment()
        Meter(label: "x", factory: factory).set(2)
        #expect(registry.snapshot().map(\.name) == ["x", "x_gauge"])
    }

    @Test("The registry's maximum of combinations holds")
    func maximum() throws {
        let registry = MetricsRegistry(maximumSeriesPerFamily: 1)
        let factory = VitrineMetricsFactory(registry)
        for value in ["a", "b", "c"] {
            CoreMetrics.Counter(label: "n", dimensions: [("l", value)], factory: factory).increment()
        }
        #expect(
            registry.snapshot().first?.series == [
                MetricSeries(labels: [MetricLabel(name: "l", value: "a")], value: .counter(1)),
                MetricSeries(labels: [.overflow], value: .counter(2)),
            ])
    }

    @Test("A factory of the scope serves libraries that ask the metrics system")
    func scoped() throws {
        withMetricsFactory(factory) { CoreMetrics.Counter(label: "n").increment(by: 3) }
        #expect(try family("n").series.map(\.value) == [.counter(3)])
    }
}
