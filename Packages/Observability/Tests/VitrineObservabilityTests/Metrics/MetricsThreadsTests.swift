// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Synchronization
import Testing

@testable import VitrineObservability

@Suite("Metrics from many threads")
struct MetricsThreadsTests {
    private static let perThread = 1_000_000

    @Test("counts and records exactly from eight threads that end, while snapshots are taken")
    func exactness() throws {
        let registry = MetricsRegistry()
        let counter = registry.counter("a_total", help: "")
        let balance = registry.upDownCounter("b", help: "")
        let histogram = registry.histogram("c", help: "", buckets: .explicit([1, 3, 6]))
        let isDone = Flag()
        let reader = TestThread {
            var lastTotal: UInt64 = 0
            var lastCount: UInt64 = 0
            while !isDone.value.load(ordering: .acquiring) {
                for family in registry.snapshot() {
                    switch family.series[0].value {
                    case .counter(let total):
                        #expect(total >= lastTotal)
                        lastTotal = total
                    case .histogram(let value):
                        #expect(value.count >= lastCount)
                        lastCount = value.count
                    default: break
                    }
                }
            }
        }
        var threads: [TestThread] = []
        for number in 0..<8 {
            threads.append(
                TestThread {
                    for round in 0..<Self.perThread {
                        counter.increment()
                        balance.add(number % 2 == 0 ? 2 : -1)
                        histogram.record(Double(round & 7))
                    }
                })
        }
        for thread in threads { thread.join() }
        isDone.value.store(true, ordering: .releasing)
        reader.join()
        let total = UInt64(8 * Self.perThread)
        #expect(counter.value == total)
        #expect(balance.value == Int64(4 * Self.perThread))
        let value = registry.snapshot()[2].series[0].value
        // Of the values 0 to 7, two are up to 1, two up to 3, three up to 6 and one is above.
        let counts = [2, 2, 3, 1].map { total / 8 * $0 }
        #expect(
            value == .histogram(HistogramValue(bounds: [1, 3, 6], bucketCounts: counts, sum: Double(total) / 8 * 28)))
    }

    @Test("counts exactly in tasks that change threads at every await")
    func tasks() async {
        let registry = MetricsRegistry()
        let counter = registry.counter("a", help: "")
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<2_000 {
                        counter.increment()
                        await Task.yield()
                        counter.increment(by: 2)
                    }
                }
            }
        }
        #expect(counter.value == 8 * 2_000 * 3)
    }

    @Test("keeps what a thread counted after its end, and what its destructors count after that")
    func destructors() throws {
        let registry = MetricsRegistry()
        let early = registry.counter("a", help: "")
        let histogram = registry.histogram("h", help: "", buckets: .explicit([1]))
        LateCounting.counter.withLock { $0 = registry.counter("b", help: "") }
        let key = try #require(LateCounting.key)
        for _ in 0..<20 {
            TestThread {
                // SAFETY: any value that is not null makes the destructor run.
                unsafe pthread_setspecific(key, UnsafeRawPointer(bitPattern: 1))
                early.increment(by: 5)
                histogram.record(0.25)
            }.join()
        }
        #expect(early.value == 100)
        #expect(LateCounting.counter.withLock { $0.value } == 20)
        #expect(
            registry.snapshot()[2].series[0].value
                == .histogram(HistogramValue(bounds: [1], bucketCounts: [20, 0], sum: 5)))
    }

    @Test("sets a gauge from many threads without losing an addition")
    func gauge() {
        let registry = MetricsRegistry()
        let gauge = registry.gauge("g", help: "")
        let threads = (0..<4).map { _ in
            TestThread { for _ in 0..<50_000 { gauge.add(0.5) } }
        }
        for thread in threads { thread.join() }
        #expect(gauge.value == 100_000)
    }

    @Test("goes on counting in a child of fork, from what the parent had")
    func fork() throws {
        let registry = MetricsRegistry()
        let counter = registry.counter("a", help: "")
        counter.increment(by: 40)
        TestThread { counter.increment() }.join()
        // SAFETY: the symbol is the C library's fork, of this very type. The child only counts and exits.
        let symbol = try unsafe #require(dlsym(nil, "fork"))
        let fork = unsafe unsafeBitCast(symbol, to: (@convention(c) () -> pid_t).self)
        let child = fork()
        if child == 0 {
            counter.increment()
            _exit(counter.value == 42 ? 0 : 1)
        }
        try #require(child > 0)
        var status: Int32 = -1
        // SAFETY: waitpid writes one Int32 into a local.
        unsafe waitpid(child, &status, 0)
        #expect(status == 0)
        #expect(counter.value == 41)
    }
}

/// A counter that a thread's destructor adds to, after or before the destructor of the metrics themselves.
private enum LateCounting {
    static let counter = Mutex(Counter())
    static let key: pthread_key_t? = {
        var key = pthread_key_t()
        // SAFETY: the key is a local of its type; the destructor has no use for its argument.
        let result = unsafe pthread_key_create(&key) { _ in LateCounting.counter.withLock { $0.increment() } }
        return result == 0 ? key : nil
    }()
}

private final class Flag: Sendable {
    let value = Atomic<Bool>(false)
}
