// SPDX-License-Identifier: MIT OR Apache-2.0

import CoreMetrics
import MetricsTestKit
import Synchronization
import Testing
import VitrineObservability
import VitrineSwiftMetrics

@Suite("SwiftMetricsRecorder")
struct SwiftMetricsRecorderTests {
    private let backend = TestMetrics()

    @Test("A counter counts in a counter of its name and labels")
    func counters() throws {
        let recorder = SwiftMetricsRecorder(backend)
        let counter = recorder.counter("orders_total", help: "Orders.", labels: [("shop", "north"), ("kind", "cup")])
        counter.increment()
        counter.increment(by: 41)
        counter.increment(by: .max)
        let theirs = try backend.expectCounter("orders_total", [("kind", "cup"), ("shop", "north")])
        #expect(theirs.values == [1, 41, .max])
    }

    @Test("An up-down counter goes up and down in a meter")
    func upDownCounters() throws {
        let sandboxes = SwiftMetricsRecorder(backend).upDownCounter("sandboxes", help: "Sandboxes alive.")
        sandboxes.add(3)
        sandboxes.add(-5)
        sandboxes.increment()
        sandboxes.decrement()
        #expect(try backend.expectMeter("sandboxes").values == [3, -2, -1, -2])
    }

    @Test("A gauge is set and added to in a meter")
    func gauges() throws {
        let share = SwiftMetricsRecorder(backend).gauge("share", help: "A share.")
        share.set(0.5)
        share.add(0.25)
        share.add(-0.5)
        #expect(try backend.expectMeter("share").values == [0.5, 0.75, 0.25])
    }

    @Test("A histogram of seconds records in a timer, in nanoseconds")
    func timers() throws {
        let duration = SwiftMetricsRecorder(backend).histogram("call_seconds", unit: .seconds, help: "Calls.")
        for seconds in [1.5, 0.000_000_002_6, 0, -1, .nan, .infinity, 1e300, -1e300] { duration.record(seconds) }
        let timer = try backend.expectTimer("call_seconds")
        #expect(timer.values == [1_500_000_000, 3, 0, -1_000_000_000, .max, .min])
        #expect(timer.displayUnit == .seconds)
    }

    @Test("Any other histogram records in a recorder that aggregates")
    func recorders() throws {
        let size = SwiftMetricsRecorder(backend).histogram("size_bytes", unit: .bytes, help: "Sizes.")
        for bytes in [64, 0.5, -.infinity, .nan] { size.record(bytes) }
        let recorder = try backend.expectRecorder("size_bytes")
        #expect(recorder.values == [64, 0.5])
        #expect(recorder.aggregate)
    }

    @Test("The same metric and labels are the same handler, in any order")
    func sameHandler() {
        let made = Mutex<[String]>([])
        let recorder = SwiftMetricsRecorder(
            backend.withLabelAndDimensionsMapping { label, dimensions in
                made.withLock { $0.append(dimensions.map { "\($0.0)=\($0.1)" }.joined(separator: ",")) }
                return (label, dimensions)
            })
        recorder.counter("a", help: "", labels: [("x", "1"), ("y", "2")]).increment()
        recorder.counter("a", help: "", labels: [("y", "2"), ("x", "1")]).increment()
        recorder.counter("a", help: "", labels: [("x", "2")]).increment()
        #expect(made.withLock { $0 } == ["x=1,y=2", "x=2"])
        #expect(backend.counterTotal(label: "a") == 3)
    }

    @Test("Beyond the maximum, combinations of labels are counted together")
    func maximum() throws {
        let recorder = SwiftMetricsRecorder(backend, maximumSeriesPerFamily: 2)
        for name in ["a", "b", "c", "d", "a"] { recorder.counter("n", help: "", labels: [("l", name)]).increment() }
        recorder.counter("other", help: "", labels: [("l", "c")]).increment()
        #expect(backend.counters(label: "n").count == 3)
        #expect(backend.counterTotal(label: "n", dimensions: [("l", "a")]) == 2)
        #expect(backend.counterTotal(label: "n", dimensions: [("otel_metric_overflow", "true")]) == 2)
        #expect(backend.counterTotal(label: "other", dimensions: [("l", "c")]) == 1)
    }

    @Test("Families ask for as many combinations as the recorder keeps")
    func families() {
        let family = SwiftMetricsRecorder(backend, maximumSeriesPerFamily: 2)
            .counterFamily(MetricDescriptor("f", help: ""), labelNames: ["l"])
        for value in ["a", "b", "c", "d"] { family.instrument(value).increment() }
        #expect(backend.counterTotal(label: "f", dimensions: [("otel_metric_overflow", "true")]) == 2)
        #expect(backend.counters(label: "f").count == 3)
    }

    @Test("Handlers are destroyed when recorder and instruments are gone, not before")
    func destroyed() {
        var recorder: SwiftMetricsRecorder? = SwiftMetricsRecorder(backend)
        var counter = recorder?.counter("c", help: "")
        _ = recorder?.gauge("g", help: "")
        _ = recorder?.histogram("t", unit: .seconds, help: "")
        _ = recorder?.histogram("r", help: "")
        #expect(backend.counters.count == 1)
        #expect((backend.meters.count, backend.timers.count, backend.recorders.count) == (1, 1, 1))
        recorder = nil
        #expect((backend.meters.count, backend.timers.count, backend.recorders.count) == (0, 0, 0))
        counter?.increment()
        #expect(backend.counterTotal(label: "c") == 1)
        counter = nil
        #expect(backend.counters.count == 0)
    }

    @Test("A library counts in the backend when the recorder is the one of the scope")
    func installed() {
        let recorder = SwiftMetricsRecorder(backend)
        Metrics.withRecorder(recorder) {
            Metrics.recorder.counter("library_total", help: "").increment(by: 2)
        }
        #expect(backend.counterTotal(label: "library_total") == 2)
        withExtendedLifetime(recorder) {}
    }

    @Test("Threads that ask for one metric at once get one handler")
    func threads() async {
        let recorder = SwiftMetricsRecorder(backend)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for number in 0..<200 {
                        recorder.counter("n", help: "", labels: [("l", "\(number)")]).increment()
                    }
                }
            }
        }
        #expect(backend.counters(label: "n").count == 200)
        #expect(backend.counters(label: "n").allSatisfy { $0.totalValue == 8 })
    }
}
