// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing

@testable import VitrineObservability

@Suite("MetricExemplar")
struct MetricExemplarTests {
    private func context(_ number: UInt64, _ flags: TraceFlags = .sampled) throws -> SpanContext {
        SpanContext(
            traceID: try #require(TraceID(high: number, low: ~number)), spanID: try #require(SpanID(rawValue: number)),
            flags: flags)
    }

    private func exemplars(_ registry: MetricsRegistry) -> [MetricExemplar] {
        registry.snapshot().flatMap(\.series).flatMap(\.exemplars)
    }

    @Test("a histogram keeps the last value of each bucket that was recorded in a sampled span")
    func buckets() throws {
        let registry = MetricsRegistry(keepsExemplars: true)
        let histogram = registry.histogram("h", help: "", buckets: .explicit([1, 10]))
        let (first, second) = (try context(1), try context(2))
        let before = Timestamp.now
        histogram.record(0.25)
        SpanContext.$current.withValue(first) {
            histogram.record(0.5)
            histogram.record(100)
            histogram.record(.infinity)
            histogram.record(.nan)
        }
        SpanContext.$current.withValue(try context(3, [])) { histogram.record(5) }
        SpanContext.$current.withValue(second) { histogram.record(0.75) }
        let found = exemplars(registry)
        #expect(found.map(\.value) == [.double(0.75), .double(100)])
        #expect(found.map(\.context) == [second, first])
        #expect(found.allSatisfy { $0.time >= before && $0.time <= .now && $0.fields.isEmpty })
        let value = HistogramValue(bounds: [1, 10], bucketCounts: [3, 1, 2], sum: 106.5, rejectedCount: 1)
        #expect(registry.snapshot()[0].series[0].value == .histogram(value))
    }

    @Test("an exponential histogram keeps one of zero and one of each power of two, as far as nine go")
    func exponential() throws {
        let registry = MetricsRegistry(keepsExemplars: true)
        let histogram = registry.histogram("h", help: "", buckets: .exponential)
        SpanContext.$current.withValue(try context(1)) {
            for value in [0.0, 1.5, 3, 6, 6.5] { histogram.record(value) }
        }
        #expect(Set(exemplars(registry).map(\.value)) == [.double(0), .double(1.5), .double(3), .double(6.5)])
        SpanContext.$current.withValue(try context(2)) {
            for exponent in -30..<42 { histogram.record(Double(sign: .plus, exponent: exponent, significand: 1.5)) }
        }
        #expect(exemplars(registry).count == ExponentialBuckets.slotCount)
        guard case .exponentialHistogram(let value) = registry.snapshot()[0].series[0].value else {
            Issue.record("another kind")
            return
        }
        #expect(value.count == 77)
    }

    @Test("a counter keeps its last increment, also through a family; up-down counters and gauges keep none")
    func counters() throws {
        let registry = MetricsRegistry(keepsExemplars: true)
        let counter = registry.counter("a_total", help: "")
        let family = registry.counterFamily(MetricDescriptor("b_total", help: ""), labelNames: ["l"])
        SpanContext.$current.withValue(try context(7)) {
            counter.increment(by: 3)
            counter.increment(by: .max)
            family.increment(by: 4, "x")
            registry.upDownCounter("c", help: "").add(1)
            registry.gauge("d", help: "").set(1)
        }
        #expect(exemplars(registry).map(\.value) == [.int64(.max), .int64(4)])
        #expect(counter.value == 2)
    }

    @Test("nothing is kept unless the registry is asked to")
    func off() throws {
        let registry = MetricsRegistry()
        SpanContext.$current.withValue(try context(7)) {
            registry.counter("a_total", help: "").increment()
            registry.histogram("b", help: "").record(1)
        }
        #expect(exemplars(registry).isEmpty)
    }

    @Test("a collector gives the exemplars of each series in its order, as they are when it collects")
    func collector() throws {
        let registry = MetricsRegistry(keepsExemplars: true)
        var collector = MetricsCollector(registry)
        let counter = registry.counter("b_total", help: "")
        _ = registry.gauge("a", help: "")
        let isNew = collector.collect()
        #expect(isNew)
        #expect(collector.exemplars == [[], []])
        SpanContext.$current.withValue(try context(7)) { counter.increment() }
        let isNewAgain = collector.collect()
        #expect(!isNewAgain)
        #expect(collector.exemplars.map(\.count) == [0, 1])
        #expect(collector.exemplars[1].first?.context?.spanID.rawValue == 7)
    }

    @Test("no thread ever sees a value with another's span or time")
    func torn() throws {
        let slots = ExemplarSlots(count: 2)
        let isDone = StopFlag()
        let writers = (1...3).map { number in
            TestThread {
                var round = UInt64(number)
                while !isDone.isSet {
                    round &+= 3
                    // Everything in a slot is made of one number, so a mixture shows.
                    guard let traceID = TraceID(high: round, low: round &* 3),
                        let spanID = SpanID(rawValue: round ^ 1 << 60)
                    else { continue }
                    slots.keep(
                        round, in: SpanContext(traceID: traceID, spanID: spanID),
                        at: Timestamp(nanosecondsSinceEpoch: round &* 5), Int(round & 1))
                }
            }
        }
        var seenCount = 0
        var last: [UInt64] = [0, 0]
        var changeCount = 0
        while changeCount < 2_000 {
            for slot in 0..<2 {
                guard let (value, context, time) = slots.value(at: slot) else { continue }
                seenCount += 1
                if value != last[slot] { changeCount += 1 }
                last[slot] = value
                #expect(value & 1 == UInt64(slot))
                #expect(context.traceID.high == value && context.traceID.low == value &* 3)
                #expect(context.spanID.rawValue == value ^ 1 << 60)
                #expect(time.nanosecondsSinceEpoch == value &* 5)
            }
        }
        isDone.set()
        for writer in writers { writer.join() }
        #expect(seenCount >= 2_000)
    }

    @Test("counts stay exact when many threads record in spans")
    func exactness() throws {
        let registry = MetricsRegistry(keepsExemplars: true)
        let counter = registry.counter("a_total", help: "")
        let histogram = registry.histogram("b", help: "", buckets: .explicit([1]))
        let context = try context(9)
        let threads = (0..<4).map { _ in
            TestThread {
                SpanContext.$current.withValue(context) {
                    for round in 0..<20_000 {
                        counter.increment()
                        histogram.record(Double(round & 1) * 2)
                    }
                }
            }
        }
        for thread in threads { thread.join() }
        #expect(counter.value == 80_000)
        let value = HistogramValue(bounds: [1], bucketCounts: [40_000, 40_000], sum: 80_000)
        #expect(registry.snapshot()[1].series[0].value == .histogram(value))
        #expect(exemplars(registry).count == 3)
    }
}
