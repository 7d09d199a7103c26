// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import TraceSamples
import VitrineTraceFile

@testable import TraceAnalysis

@Suite struct AllocationSummaryTests {
    private func summary(of records: [TraceRecord]) throws -> AllocationSummary {
        var summary = AllocationSummary(symbols: try SymbolTable(parsingELF: SampleELF.bytes()))
        for record in records { summary.add(record) }
        return summary
    }

    @Test func allocationsCountForTheFunctionBelowTheAllocator() throws {
        let summary = try summary(of: SampleTrace.records)
        let makeList = "simpleguest.makeList(count: Swift.Int) -> ()"
        #expect(
            summary.sortedRows.map(\.function) == [makeList, "0x2001d0", "0x99999999"]
        )
        #expect(
            summary.sortedRows.first
                == AllocationSummary.Row(
                    function: makeList, count: 2, byteCount: 164, liveByteCount: 100, liveCount: 1)
        )
        #expect(summary.allocationCount == 4)
        #expect(summary.freeCount == 2)
        #expect(summary.unmatchedFreeCount == 1)
        #expect(summary.droppedCount == 5)
        #expect(summary.peakLiveByteCount == 124)
    }

    @Test func anAddressThatIsAllocatedTwiceIsLiveOnce() throws {
        let twice = TraceRecord.allocation(
            TraceAllocation(timeNanoseconds: 0, address: 1, byteCount: 10, stack: .none))
        let summary = try summary(of: [twice, twice])
        #expect(
            summary.sortedRows == [
                AllocationSummary.Row(
                    function: "(no stack)", count: 2, byteCount: 20, liveByteCount: 10, liveCount: 1)
            ]
        )
    }

    @Test func hugeSizesDoNotTrap() throws {
        let huge = (0..<4).map { index in
            TraceRecord.allocation(
                TraceAllocation(timeNanoseconds: .max, address: UInt64(index), byteCount: .max, stack: .lost))
        }
        let frees = (0..<4).map { TraceRecord.free(TraceFree(timeNanoseconds: 0, address: $0, stack: .lost)) }
        let dropped = TraceRecord.dropped(count: .max, reason: .other(9))
        let summary = try summary(of: huge + [dropped, dropped] + frees)
        #expect(summary.sortedRows.map(\.function) == ["(lost stack)"])
        #expect(summary.sortedRows.first?.liveByteCount == 0)
    }

    @Test(arguments: [
        ("malloc", false), ("swift_allocObject", false), ("vitrine_allocate", false), ("main", true),
        ("Swift.Array.append(__owned A) -> ()", false),
        ("generic specialization <Swift.Int> of Swift.Array.append(__owned A) -> ()", false),
        ("generic specialization <A> of static Swift.Array._allocateBufferUninitialized() -> ()", false),
        ("closure #1 (Swift.Int) -> () in Swift.Array.sort() -> ()", false),
        ("outlined copy of Swift._StringGuts", false),
        ("_swift_embedded_invoke_heap_object_destroy", false), ("VitrineGuest.GuestCall.fail() -> ()", false),
        ("closure #1 (Swift.Int) -> Swift.Int in app.run() -> ()", true),
        ("app.swift_like() -> ()", true),
    ])
    func theAllocatorAndTheStandardLibraryAreNotOwnCode(name: String, isOwn: Bool) {
        #expect(AllocationSummary.isOwnCode(name) == isOwn)
    }

    @Test func theTableIsAlignedAndCut() throws {
        let text = try summary(of: SampleTrace.records).text(limit: 2)
        #expect(
            text == """
                live bytes  live  bytes  count  function
                       100     1    164      2  simpleguest.makeList(count: Swift.Int) -> ()
                        16     1     16      1  0x2001d0
                … and 1 more functions

                4 allocations, 2 frees, at most 124 bytes live
                1 frees of memory that was allocated before the trace or in a missing part
                5 records are missing

                """
        )
    }

    @Test func rowsAreOneJSONObjectALine() throws {
        #expect(
            try summary(of: SampleTrace.records).jsonLines(limit: 1)
                == #"{"function":"simpleguest.makeList(count: Swift.Int) -> ()","count":2,"bytes":164,"#
                + #""live_count":1,"live_bytes":100}"# + "\n"
        )
    }
}
