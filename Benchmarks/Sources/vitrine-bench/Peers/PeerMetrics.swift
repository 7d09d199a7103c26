// SPDX-License-Identifier: MIT OR Apache-2.0

import BenchmarkHarness
import CBenchmarkProbes
import CoreMetrics
import Synchronization

/// swift-metrics doing the same, into the least factory that counts at all: numbers that all threads share, added to with
/// relaxed atomics, as swift-prometheus does. swift-prometheus itself would come out at this or above.
enum PeerMetrics {
    private static let factory = AtomicMetricsFactory()

    static var counter: LoopCase.Peer {
        let counter = Counter(label: "requests", dimensions: [], factory: factory)
        return LoopCase.Peer(
            name: "swift-metrics, one atomic",
            loop: .plain { count in
                for index in 0..<count {
                    counter.increment()
                    loop_barrier(Int64(index))
                }
            })
    }

    /// A counter asked for by its labels each time, which is how swift-metrics has it.
    static var labelledCounter: LoopCase.Peer {
        LoopCase.Peer(
            name: "swift-metrics, a table",
            loop: .plain { [factory] count in
                for index in 0..<count {
                    let labels = [
                        ("method", LabelValues.methods[index % 3]), ("status", LabelValues.statuses[index % 5]),
                    ]
                    Counter(label: "requests", dimensions: labels, factory: factory).increment()
                    loop_barrier(Int64(index))
                }
            })
    }

    static var histogram: LoopCase.Peer {
        let recorder = Recorder(label: "duration", dimensions: [], aggregate: true, factory: factory)
        return LoopCase.Peer(
            name: "swift-metrics, atomics",
            loop: .plain { count in
                for index in 0..<count {
                    recorder.record(LabelValues.duration(index))
                    loop_barrier(Int64(index))
                }
            })
    }
}

private final class AtomicMetricsFactory: MetricsFactory {
    private struct Key: Hashable {
        let label: String
        let dimensions: [String]
    }

    private let counters = Mutex<[Key: AtomicCounter]>([:])

    func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        let key = Key(label: label, dimensions: dimensions.flatMap { [$0.0, $0.1] })
        return counters.withLock { counters in
            if let known = counters[key] { return known }
            let new = AtomicCounter()
            counters[key] = new
            return new
        }
    }

    func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        AtomicHistogram()
    }

    func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        NOOPMetricsHandler.instance.makeTimer(label: label, dimensions: dimensions)
    }

    func destroyCounter(_ handler: any CounterHandler) {}
    func destroyRecorder(_ handler: any RecorderHandler) {}
    func destroyTimer(_ handler: any TimerHandler) {}
}

private final class AtomicCounter: CounterHandler {
    private let total = Atomic<Int64>(0)

    func increment(by amount: Int64) { total.wrappingAdd(amount, ordering: .relaxed) }
    func reset() { total.store(0, ordering: .relaxed) }
}

/// Fifteen bounds searched one after the other, a count for each bucket, and a sum.
private final class AtomicHistogram: RecorderHandler {
    private static let bounds: InlineArray<15, Double> = [
        1e-6, 1e-5, 2.5e-5, 5e-5, 1e-4, 2.5e-4, 5e-4, 1e-3, 2.5e-3, 5e-3, 1e-2, 2.5e-2, 0.1, 1, 10,
    ]

    private let buckets = InlineArray<16, Atomic<UInt64>> { _ in Atomic(0) }
    private let sum = Atomic<UInt64>(0)

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) {
        var bucket = 0
        while bucket < 15, value > Self.bounds[bucket] { bucket += 1 }
        buckets[bucket].wrappingAdd(1, ordering: .relaxed)
        var old = sum.load(ordering: .relaxed)
        while true {
            let new = (Double(bitPattern: old) + value).bitPattern
            let (isDone, found) = sum.weakCompareExchange(expected: old, desired: new, ordering: .relaxed)
            if isDone { return }
            old = found
        }
    }
}
