// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing

@testable import VitrineObservability

@Suite("CellPool")
struct MetricsCellTests {
    @Test("hands out cells in rows that do not overlap nor cross a chunk, until there are no more")
    func rows() {
        var allocator = CellAllocator(chunkCellCount: 16, maximumChunkCount: 4)
        var taken: Set<Int> = [0]
        for count in [5, 9, 3, 16, 1, 10, 2, 1] {
            guard let address = allocator.allocate(count) else {
                Issue.record("no room for \(count)")
                continue
            }
            #expect(Int(address.cell) + count <= 16)
            for cell in Int(address.cell)..<Int(address.cell) + count {
                #expect(taken.insert(Int(address.chunk) * 16 + cell).inserted)
            }
        }
        // Three chunks, filled up.
        #expect(taken == Set(0..<48))
        #expect(allocator.allocate(17) == nil)
        #expect(allocator.allocate(0) == nil)
        #expect(allocator.allocate(16) == CellAddress(chunk: 3, cell: 0))
        #expect(allocator.allocate(1) == nil)
    }

    @Test("hands out again what was given back, to the same number of cells")
    func reuse() {
        var allocator = CellAllocator(chunkCellCount: 16, maximumChunkCount: 1)
        let first = allocator.allocate(10)
        #expect(allocator.allocate(10) == nil)
        if let first { allocator.release(first, 10) }
        #expect(allocator.allocate(9) == nil)
        #expect(allocator.allocate(10) == first)
    }

    @Test("makes cells zero for the next series, in all threads and in what ended threads have left")
    func recycling() {
        // A size that no other test uses, so that nobody else gets these cells.
        let buckets = HistogramBuckets.explicit(HistogramBounds((0..<157).map(Double.init)))
        let address = use(buckets)
        let registry = MetricsRegistry()
        let histogram = registry.histogram("h", help: "", buckets: buckets)
        #expect(histogram.address == address)
        guard case .histogram(let value) = registry.snapshot()[0].series[0].value else {
            Issue.record("no histogram")
            return
        }
        #expect(value.count == 0)
        #expect(value.sum == 0)
        histogram.record(1)
        #expect(CellPool.shared.withTotals { $0.double(at: address) } == 1)
    }

    /// Records here and in a thread that ends, and leaves neither registry nor handle.
    private func use(_ buckets: HistogramBuckets) -> CellAddress {
        let histogram = MetricsRegistry().histogram("h", help: "", buckets: buckets)
        histogram.record(3)
        TestThread { histogram.record(200) }.join()
        #expect(CellPool.shared.withTotals { $0.integer(at: histogram.address, 2 + 3) } == 1)
        #expect(CellPool.shared.withTotals { $0.double(at: histogram.address) } == 203)
        return histogram.address
    }

    @Test("keeps a series alive by its handle alone")
    func handle() {
        let counter = MetricsRegistry().counter("a", help: "")
        counter.increment(by: 3)
        let others = (0..<100).map { MetricsRegistry().counter("\($0)", help: "") }
        for other in others { other.increment(by: 1_000) }
        #expect(counter.value == 3)
        #expect(others.allSatisfy { $0.value == 1_000 })
    }

    @Test("forgets a thread that ended")
    func threads() {
        let counter = MetricsRegistry().counter("a", help: "")
        counter.increment()
        let before = CellPool.shared.threadCount
        for _ in 0..<50 { TestThread { counter.increment() }.join() }
        // Threads of other tests come and go meanwhile, but not fifty of them.
        #expect(CellPool.shared.threadCount < before + 40)
        #expect(counter.value == 51)
    }

    @Test("a process without room for more refuses a series, tells so, and goes on")
    func exhaustion() async {
        await #expect(processExitsWith: .success) {
            let registry = MetricsRegistry()
            let before = registry.counter("before", help: "")
            before.increment()
            var leases: [CellLease] = []
            while let lease = CellLease(ThreadCells.chunkCellCount) { leases.append(lease) }
            precondition(leases.count > 2_000)
            while let lease = CellLease(1) { leases.append(lease) }
            let refused = registry.counter("refused", help: "")
            refused.increment()
            before.increment()
            precondition(refused.value == 0 && before.value == 2 && registry.refusedSeriesCount == 1)
            precondition(registry.snapshot().map(\.series.count) == [1, 0])
            leases.removeAll()
            let again = registry.counter("refused", help: "")
            again.increment()
            precondition(again.value == 1)
        }
    }
}
