// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import Testing
import VitrineOTLP
import VitrineObservability

@testable import VitrineOTLPExport

@Suite("OTLP export, events of spans")
struct SpanEventTests {
    @Test("go out with their span; those of no span and of unknown ones are log records")
    func attached() throws {
        let rig = try Rig()
        rig.begin(Rig.context(1))
        rig.admit(Rig.event(10, in: Rig.context(1)))
        rig.admit(Rig.event(11, in: Rig.context(2)))
        rig.admit(Rig.event(12, in: nil))
        rig.admit(Rig.event(13, in: Rig.context(1)))
        rig.addSpans(1..<2)
        rig.admit(Rig.event(14, in: Rig.context(1)))
        rig.runAll()
        #expect(rig.sentLogs == [[11, 12, 14]])
        #expect(rig.sentSpans == [[1]])
        let traces = rig.transport.requests.filter { $0.signal == .traces }
        #expect(traces.map { Rig.numbers("log", in: $0.body) } == [[10, 13]])
    }

    @Test("of spans beyond the most that are known are log records, until a span has ended")
    func tooManySpans() throws {
        let rig = try Rig { $0.openSpans.spanCount = 1 }
        rig.begin(Rig.context(1))
        rig.begin(Rig.context(2))
        rig.admit(Rig.event(1, in: Rig.context(2)))
        rig.addSpans(1..<2)
        rig.begin(Rig.context(3))
        rig.admit(Rig.event(2, in: Rig.context(3)))
        rig.addSpans(2..<4)
        rig.runAll()
        #expect(rig.sentLogs == [[1]])
        #expect(
            rig.transport.requests.filter { $0.signal == .traces }.flatMap { Rig.numbers("log", in: $0.body) } == [2])
    }

    @Test("beyond the most of a span are dropped and counted")
    func tooManyEvents() throws {
        let rig = try Rig { $0.openSpans.eventCountPerSpan = 2 }
        rig.begin(Rig.context(1))
        for number in 0..<5 { rig.admit(Rig.event(number, in: Rig.context(1))) }
        rig.addSpans(1..<2)
        rig.runAll()
        #expect(rig.transport.requests.flatMap { Rig.numbers("log", in: $0.body) } == [0, 1])
        #expect(rig.pipeline.droppedEventCount == 3)
        #expect(rig.metric("otlp_export_dropped_events_total", [:]) == 3)
        // Span.dropped_events_count is field 12.
        #expect(rig.transport.requests.first?.body.contains(pair: 0x60, 3) == true)
    }

    @Test("of spans whose end found no room make way for those of others")
    func lostEnds() throws {
        let rig = try Rig {
            $0.openSpans.spanCount = 2
            $0.spans.recordCount = 100_000
            $0.spans.byteCount = 0
            $0.logs.byteCount = 0
        }
        for number in 1...2 { rig.begin(Rig.context(number)) }
        // Fills what is in front of the queues, the last byte included.
        let span = Rig.span(50)
        for _ in 0..<50_000 { span.withView { rig.pipeline.intake.end($0) } }
        for number in 1...2 { Rig.span(number).withView { rig.pipeline.intake.end($0) } }
        rig.pipeline.takeIn()
        #expect(rig.pipeline.drain.withLock { $0.openSpanCount } == 2)
        for number in 3...4 { rig.begin(Rig.context(number)) }
        #expect(rig.pipeline.drain.withLock { $0.openSpanCount } == 2)
        rig.begin(Rig.context(5))
        for number in 3...5 { rig.admit(Rig.span(number)) }
        #expect(rig.pipeline.drain.withLock { $0.openSpanCount } == 0)
    }

    @Test("leave no memory behind, however many spans there were at once")
    func memory() {
        var open = OpenSpanEvents(OTLPOpenSpanLimits())
        for number in 0..<100_000 { open.begin(Rig.context(number)) }
        open.begin(Rig.context(0))
        _ = open.add(Rig.event(7, in: Rig.context(0)), byteCount: 1)
        for number in 1..<100_000 { _ = open.end(Rig.context(number)) }
        #expect(open.trim().isEmpty)
        #expect(open.capacity <= 5 * OTLPOpenSpanLimits().spanCount)
        #expect(open.end(Rig.context(0)).events == [Rig.event(7, in: Rig.context(0))])
    }

    @Test("that have no room are log records, and the room comes back with the end of a span")
    func tooManyBytes() throws {
        let size = RecordSize.byteCount(Rig.event(0, in: Rig.context(1)))
        var open = OpenSpanEvents(OTLPOpenSpanLimits(byteCount: 2 * size))
        open.begin(Rig.context(1))
        open.begin(Rig.context(2))
        let event = Rig.event(0, in: Rig.context(1))
        #expect(open.add(event, byteCount: size) == .kept)
        #expect(open.add(event, byteCount: size) == .kept)
        #expect(open.add(Rig.event(0, in: Rig.context(2)), byteCount: size) == .unplaced)
        #expect(open.end(Rig.context(1)).events.count == 2)
        #expect(open.add(Rig.event(0, in: Rig.context(2)), byteCount: size) == .kept)
        #expect(open.spanCount == 1)
        #expect(open.end(Rig.context(9)).events.isEmpty)
    }
}

extension OTLPOpenSpanLimits {
    fileprivate init(byteCount: Int) {
        self.init()
        self.byteCount = byteCount
    }
}

extension [UInt8] {
    fileprivate func contains(pair first: UInt8, _ second: UInt8) -> Bool {
        zip(self, dropFirst()).contains { $0 == first && $1 == second }
    }
}
