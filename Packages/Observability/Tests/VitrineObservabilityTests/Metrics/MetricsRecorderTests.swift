// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import Testing
import VitrineObservability

@Suite("MetricsRecorder")
struct MetricsRecorderTests {
    @Test("by default records nothing and keeps no label")
    func noOp() {
        let recorder = NoOpMetricsRecorder()
        let counter = recorder.counter("a", help: "")
        counter.increment(by: 5)
        let balance = recorder.upDownCounter("a", help: "")
        balance.add(-5)
        let gauge = recorder.gauge("a", help: "")
        gauge.set(5)
        gauge.add(5)
        recorder.histogram("a", help: "").record(5)
        let family = recorder.counterFamily(MetricDescriptor("a", help: ""), labelNames: ["x"])
        for number in 0..<100 { family.increment("\(number)") }
        #expect(counter.value == 0)
        #expect(balance.value == 0)
        #expect(gauge.value == 0)
        #expect(family.instrument("1").value == 0)
        #expect(recorder.maximumSeriesPerFamily == 0)
    }

    @Test("hands everything to the handlers of a foreign recorder")
    func foreign() {
        let recorder = RecordingRecorder()
        let counter = recorder.counter("c", unit: .bytes, help: "C.", labels: [("a", "1")])
        counter.increment(by: 3)
        counter.increment()
        recorder.upDownCounter("u", help: "").add(-2)
        let gauge = recorder.gauge("g", help: "")
        gauge.set(1.5)
        gauge.add(0.5)
        let histogram = recorder.histogram("h", unit: .seconds, help: "")
        for value in [0.25, .infinity, -1] { histogram.record(value) }
        #expect(
            recorder.lines == [
                "c By [a=1] +3", "c By [a=1] +1", "u  [] +-2", "g  [] =1.5", "g  [] +0.5", "h s [] 0.25", "h s [] inf",
                "h s [] -1.0",
            ])
        #expect(recorder.buckets == [.explicit(.seconds)])
        #expect(counter.value == 0)
    }

    @Test("makes families of a foreign recorder's instruments, up to its maximum")
    func foreignFamilies() {
        let recorder = RecordingRecorder()
        let counters = recorder.counterFamily(MetricDescriptor("c", help: ""), labelNames: ["x"])
        for value in ["1", "2", "1", "3", "4"] { counters.increment(value) }
        let gauges = recorder.gaugeFamily(MetricDescriptor("g", help: ""), labelNames: ["x"])
        gauges.set(1, "1")
        let balances = recorder.upDownCounterFamily(MetricDescriptor("u", help: ""), labelNames: ["x"])
        balances.add(1, "1")
        let histograms = recorder.histogramFamily(
            MetricDescriptor("h", help: ""), buckets: .exponential, labelNames: ["x"])
        histograms.record(1, "1")
        #expect(
            recorder.lines == [
                "c  [x=1] +1", "c  [x=2] +1", "c  [x=1] +1", "c  [otel_metric_overflow=true] +1",
                "c  [otel_metric_overflow=true] +1", "g  [x=1] =1.0", "u  [x=1] +1", "h  [x=1] 1.0",
            ])
        #expect(recorder.buckets == [.exponential])
    }

    @Test("is the one of the scope, the innermost first, also in child tasks")
    func scopes() async throws {
        struct Failure: Error {}
        let outer = MetricsRegistry()
        let inner = MetricsRegistry()
        Metrics.withRecorder(outer) {
            Metrics.recorder.counter("a", help: "").increment()
            Metrics.withRecorder(inner) { Metrics.recorder.counter("a", help: "").increment(by: 10) }
            Metrics.recorder.counter("a", help: "").increment()
        }
        await Metrics.withRecorder(inner) {
            async let child: Void = Metrics.recorder.counter("a", help: "").increment(by: 100)
            await child
        }
        #expect(outer.counter("a", help: "").value == 2)
        #expect(inner.counter("a", help: "").value == 110)
        #expect(throws: Failure.self) {
            try Metrics.withRecorder(inner) { () throws(Failure) in throw Failure() }
        }
        do throws(Failure) {
            try await Metrics.withRecorder(inner) { () async throws(Failure) in throw Failure() }
        } catch {
            #expect(type(of: error) == Failure.self)
        }
    }

    @Test("is the installed one outside of scopes, and the no-op one before and after")
    func installation() async {
        await #expect(processExitsWith: .success) {
            precondition(Metrics.recorder is NoOpMetricsRecorder)
            let early = Metrics.recorder.counter("a", help: "")
            let registry = MetricsRegistry()
            Metrics.install(registry)
            Metrics.recorder.counter("a", help: "").increment()
            early.increment()
            precondition(registry.counter("a", help: "").value == 1)
            Metrics.uninstall()
            precondition(Metrics.recorder is NoOpMetricsRecorder)
        }
    }
}

/// A recorder that writes down what its handlers are told.
private final class RecordingRecorder: MetricsRecorder {
    private let state = Mutex<(lines: [String], buckets: [HistogramBuckets])>(([], []))

    var lines: [String] { state.withLock { $0.lines } }
    var buckets: [HistogramBuckets] { state.withLock { $0.buckets } }
    let maximumSeriesPerFamily = 2

    fileprivate func note(_ line: String) { state.withLock { $0.lines.append(line) } }

    func counter(_ descriptor: MetricDescriptor, labels: [MetricLabel]) -> Counter {
        Counter(handler: Handler(self, descriptor, labels))
    }

    func upDownCounter(_ descriptor: MetricDescriptor, labels: [MetricLabel]) -> UpDownCounter {
        UpDownCounter(handler: Handler(self, descriptor, labels))
    }

    func gauge(_ descriptor: MetricDescriptor, labels: [MetricLabel]) -> Gauge {
        Gauge(handler: Handler(self, descriptor, labels))
    }

    func histogram(_ descriptor: MetricDescriptor, buckets: HistogramBuckets, labels: [MetricLabel]) -> Histogram {
        state.withLock { $0.buckets.append(buckets) }
        return Histogram(handler: Handler(self, descriptor, labels))
    }
}

private final class Handler: CounterHandler, UpDownCounterHandler, GaugeHandler, HistogramHandler {
    private let recorder: RecordingRecorder
    private let start: String

    init(_ recorder: RecordingRecorder, _ descriptor: MetricDescriptor, _ labels: [MetricLabel]) {
        self.recorder = recorder
        let labels = labels.map { "\($0.name)=\($0.value)" }.joined(separator: ",")
        start = "\(descriptor.name) \(descriptor.unit.code) [\(labels)] "
    }

    func increment(by amount: UInt64) { recorder.note(start + "+\(amount)") }
    func add(_ amount: Int64) { recorder.note(start + "+\(amount)") }
    func set(_ value: Double) { recorder.note(start + "=\(value)") }
    func add(_ amount: Double) { recorder.note(start + "+\(amount)") }
    func record(_ value: Double) { recorder.note(start + "\(value)") }
}
