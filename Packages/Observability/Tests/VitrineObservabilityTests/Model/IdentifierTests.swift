// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import Testing

@testable import VitrineObservability

@Suite("TraceID and SpanID")
struct IdentifierTests {
    @Test("are written as fixed-width lower-case hexadecimal")
    func description() throws {
        let trace = try #require(TraceID(high: 0xAB, low: 0x0123_4567_89AB_CDEF))
        #expect(trace.description == "00000000000000ab0123456789abcdef")
        let span = try #require(SpanID(rawValue: 0xF))
        #expect(span.description == "000000000000000f")
    }

    @Test("read back what they write")
    func roundTrip() {
        for _ in 0..<1_000 {
            let trace = TraceID.random()
            let span = SpanID.random()
            #expect(TraceID(trace.description) == trace)
            #expect(SpanID(span.description) == span)
        }
    }

    @Test(
        "refuse what W3C refuses",
        arguments: [
            "", "0", "0000000000000000", "00000000000000000000000000000000", "000000000000000F", "00000000000000g1",
            "0000000000000001 ", "00000000000000ab0123456789abcdeF", "é0000000000000f",
        ]
    )
    func refusals(_ text: String) {
        #expect(TraceID(text) == nil)
        #expect(SpanID(text) == nil)
    }

    @Test("are never zero")
    func zero() {
        #expect(TraceID(high: 0, low: 0) == nil)
        #expect(SpanID(rawValue: 0) == nil)
        #expect(TraceID(high: 1, low: 0) != nil)
    }

    @Test("do not repeat among threads")
    func unique() async {
        let perThread = 20_000
        let spans = await withTaskGroup(of: [SpanID].self) { group in
            for _ in 0..<8 { group.addTask { (0..<perThread).map { _ in .random() } } }
            return await group.reduce(into: Set<SpanID>()) { $0.formUnion($1) }
        }
        #expect(spans.count == 8 * perThread)
    }

    @Test("are spread over all bits")
    func spread() {
        var counts = [Int](repeating: 0, count: 64)
        for _ in 0..<4_096 {
            let value = SpanID.random().rawValue
            for bit in 0..<64 where value >> UInt64(bit) & 1 == 1 { counts[bit] += 1 }
        }
        // Six standard deviations (32 each) around one half.
        #expect(counts.allSatisfy { (2_048 - 192...2_048 + 192).contains($0) })
    }
}
