// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineHypervisor
import VitrineWire

@testable import Vitrine

@Suite("Numbers a guest may lie about")
struct GuestNumbersTests {
    private func drops(_ numbers: [UInt64], next: UInt64, dropped: UInt64 = 0, malformed: Int = 0) -> DropCounts {
        var check = SequenceCheck()
        var counts = DropCounts()
        for number in numbers { check.didRead(number) }
        for _ in 0..<malformed { check.didFindMalformed() }
        check.settle(TelemetryHeader(nextSequence: next, dropped: dropped), into: &counts)
        return counts
    }

    @Test("A gap is lost, unless the guest or a malformed record explains it")
    func gaps() {
        #expect(drops([0, 1, 2], next: 3).isEmpty)
        #expect(drops([0, 3], next: 4).count(.lost) == 2)
        #expect(drops([0, 1], next: 5).count(.lost) == 3)
        let explained = drops([0, 3], next: 4, dropped: 2)
        #expect(explained.count(.guestBufferFull) == 2)
        #expect(explained.count(.lost) == 0)
        #expect(drops([0, 3], next: 4, malformed: 2).count(.lost) == 0)
    }

    @Test("Wild numbers neither trap nor count without bound")
    func wild() {
        let counts = drops([.max, 0, 5, .max], next: .max, dropped: .max)
        #expect(counts.count(.lost) + counts.count(.guestBufferFull) <= 1 << 33)
        #expect(drops([5, 4, 3], next: 0).count(.lost) == 5)
    }

    @Test("Ticks are held within the call")
    func clock() {
        var clock = CallClock()
        clock.begin(GuestClock(anchorTicks: 0, anchorNanoseconds: 0, ticksPerSecond: 1_000_000_000))
        let first = clock.nanoseconds(ofTicks: 0)
        clock.stop()
        let last = clock.nanoseconds(ofTicks: .max)
        #expect(last >= first)
        #expect(clock.nanoseconds(ofTicks: 0) == last)
    }

    @Test("Host functions are found by their bytes")
    func table() {
        let names = (0..<100).map { "function \($0)" }
        let table = HostFunctionTable(names.map { HostFunction(name: $0) { (a: Int64) in a } })
        for name in names { #expect(table.function(named: name.utf8.span)?.name == name) }
        #expect(table.function(named: "function 100".utf8.span) == nil)
        #expect(table.function(named: "".utf8.span) == nil)
        #expect(HostFunctionTable([]).function(named: "x".utf8.span) == nil)
    }
}
