// SPDX-License-Identifier: MIT OR Apache-2.0

import BenchmarkHarness
import CBenchmarkProbes
import Synchronization
import VitrineObservability

extension LoopCase {
    static let metrics = [
        LoopCase(name: "counter_add", summary: "an addition to a counter of a registry", goal: 3) {
            let counter = MetricLoops.counter
            return Sides(
                subject: .plain { MetricLoops.add(to: counter, $0) }, peer: PeerMetrics.counter,
                isRight: { counter.value > 0 })
        },
        LoopCase(name: "counter_add_2_threads", summary: "the same on each of two threads", goal: 4) {
            let counter = MetricLoops.counter
            return Sides(
                subject: .onTwoThreads { MetricLoops.add(to: counter, $0) }, peer: PeerMetrics.counter.onTwoThreads,
                isRight: { counter.value > 0 })
        },
        LoopCase(name: "atomic_add", summary: "a relaxed atomic addition, the floor of a shared counter") {
            Sides(subject: .plain(AtomicNumber().add))
        },
        LoopCase(name: "atomic_add_2_threads", summary: "the same on each of two threads") {
            Sides(subject: .onTwoThreads(AtomicNumber().add))
        },
        LoopCase(
            name: "counter_2_labels", summary: "an addition to the counter of two labels given by their values",
            goal: 45
        ) {
            let family = MetricsRegistry().counterFamily(
                MetricDescriptor("requests_total", help: "Requests."), labelNames: ["method", "status"])
            return Sides(
                subject: .plain { MetricLoops.add(to: family, $0) }, peer: PeerMetrics.labelledCounter,
                isRight: { family.instrument("DELETE", "503").value > 0 })
        },
        LoopCase(name: "histogram", summary: "a value into a histogram of 15 bounds", goal: 8) {
            let histogram = MetricLoops.histogram
            return Sides(subject: .plain { MetricLoops.record(in: histogram, $0) }, peer: PeerMetrics.histogram)
        },
        LoopCase(name: "histogram_2_threads", summary: "the same on each of two threads", goal: 8) {
            let histogram = MetricLoops.histogram
            return Sides(
                subject: .onTwoThreads { MetricLoops.record(in: histogram, $0) },
                peer: PeerMetrics.histogram.onTwoThreads)
        },
    ]
}

private enum MetricLoops {
    static var counter: Counter { MetricsRegistry().counter("requests_total", help: "Requests.") }

    static var histogram: Histogram {
        MetricsRegistry().histogram("request_duration_seconds", unit: .seconds, help: "Duration of requests.")
    }

    @inline(never)
    static func add(to counter: Counter, _ count: Int) {
        for index in 0..<count {
            counter.increment()
            loop_barrier(Int64(index))
        }
    }

    /// 15 combinations, in turns: more than one entry of the table, fewer than its cache lines.
    @inline(never)
    static func add(to family: CounterFamily, _ count: Int) {
        for index in 0..<count {
            family.increment(LabelValues.methods[index % 3], LabelValues.statuses[index % 5])
            loop_barrier(Int64(index))
        }
    }

    @inline(never)
    static func record(in histogram: Histogram, _ count: Int) {
        for index in 0..<count {
            histogram.record(LabelValues.duration(index))
            loop_barrier(Int64(index))
        }
    }
}

/// What both sides count.
enum LabelValues {
    static let methods: InlineArray<3, String> = ["GET", "POST", "DELETE"]
    static let statuses: InlineArray<5, String> = ["200", "201", "404", "500", "503"]

    /// Of sixteen values from 10 µs to 160 µs.
    @inline(__always)
    static func duration(_ index: Int) -> Double { Double(index & 15 &+ 1) * 1e-5 }
}

/// One number that all threads add to.
private final class AtomicNumber: Sendable {
    private let number = Atomic<UInt64>(0)

    @inline(never)
    @Sendable
    func add(_ count: Int) {
        for index in 0..<count {
            number.wrappingAdd(1, ordering: .relaxed)
            loop_barrier(Int64(index))
        }
    }
}
