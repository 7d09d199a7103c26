// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineObservability

@Suite("MetricsCollector")
struct MetricsCollectorTests {
    @Test("says when families are new, and reads only numbers otherwise")
    func revisions() {
        let registry = MetricsRegistry()
        var collector = MetricsCollector(registry)
        var isNew = [collector.collect()]
        #expect(collector.families.isEmpty)
        isNew.append(collector.collect())
        let counter = registry.counter("b", help: "")
        isNew.append(collector.collect())
        counter.increment(by: 9)
        isNew.append(collector.collect())
        #expect(collector.numbers == [9])
        _ = registry.counter("b", help: "")
        isNew.append(collector.collect())
        registry.counter("a", help: "").increment(by: 4)
        isNew.append(collector.collect())
        #expect(collector.numbers == [4, 9])
        #expect(isNew == [true, false, true, false, false, true])
    }

    @Test("gives the numbers of each kind in the stated order")
    func numbers() {
        let registry = MetricsRegistry()
        registry.counter("a", help: "").increment(by: 1)
        registry.upDownCounter("b", help: "").add(-1)
        registry.gauge("c", help: "").set(0.5)
        let histogram = registry.histogram("d", help: "", buckets: .explicit([1]))
        for value in [1, 2, 3, .nan] { histogram.record(value) }
        registry.histogram("e", help: "", buckets: .exponential).record(1)
        var collector = MetricsCollector(registry)
        let isNew = collector.collect()
        #expect(isNew)
        #expect(collector.numbersPerSeries == [1, 1, 1, 4, 580])
        let half = 0.5.bitPattern
        let six = 6.0.bitPattern
        #expect(collector.numbers.prefix(7) == [1, .max, half, six, 1, 1, 2])
        #expect(collector.families == registry.snapshot())
        let value = ExponentialHistogramValue(numbers: collector.numbers.suffix(580))
        #expect(collector.families.last?.series[0].value == .exponentialHistogram(value))
        #expect(value.count == 1)
        #expect(ExponentialHistogramValue(numbers: []).count == 0)
        #expect(ExponentialHistogramValue(numbers: [0, 0, 5, 1]).zeroCount == 5)
    }
}
