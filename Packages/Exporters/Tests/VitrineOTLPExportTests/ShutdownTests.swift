// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineOTLP
import VitrineObservability

@testable import VitrineOTLPExport

@Suite("OTLP export, shutdown")
struct ShutdownTests {
    private static let second: UInt64 = 1_000_000_000

    @Test("sends all that is left and takes in nothing more")
    func clean() throws {
        let rig = try Rig()
        rig.addSpans(0..<6)
        rig.addLogs(0..<1)
        rig.pipeline.beginShutdown(until: rig.clock.now + Self.second)
        rig.addSpans(6..<7)
        #expect(rig.run() == .finish)
        #expect(rig.sentSpans == [[0, 1, 2, 3], [4, 5]])
        #expect(rig.sentLogs == [[0]])
        #expect(rig.transport.requests.map(\.timeoutMilliseconds) == [1_000, 1_000, 1_000])
        let report = rig.pipeline.endShutdown()
        #expect(report.unsentSpanCount == 0)
        #expect(report.unsentLogRecordCount == 0)
        #expect(report.spans.sentCount == 6)
        #expect(report.spans.droppedCounts == [.shutdown: 1])
        #expect(report.logs.sentCount == 1)
    }

    @Test("says what it could not send to a receiver that is down, and does not wait in vain")
    func down() throws {
        let rig = try Rig(then: .down)
        rig.addSpans(0..<6)
        rig.addLogs(0..<3)
        rig.pipeline.beginShutdown(until: rig.clock.now + 3 * Self.second)
        #expect(rig.runAll() == .finish)
        // Attempts after 0, 1 and 2.5 s; the next would be after 4.75.
        #expect(rig.sentSpans.count == 3)
        #expect(rig.clock.now == 1_000_000_000 + 5 * Self.second / 2)
        #expect(rig.transport.requests.map(\.timeoutMilliseconds) == [3_000, 3_000, 2_000, 2_000, 500, 500])
        let report = rig.pipeline.endShutdown()
        #expect(report.unsentSpanCount == 6)
        #expect(report.unsentLogRecordCount == 3)
        #expect(report.spans.droppedCounts == [.shutdown: 6])
        #expect(report.spans.heldCount == 0)
        #expect(report.spans.heldByteCount == 0)
        #expect(rig.metric("otlp_export_held_records", ["signal": "traces"]) == 0)
        #expect(rig.metric("otlp_export_dropped_records_total", ["signal": "logs", "reason": "shutdown"]) == 3)
        let again = rig.pipeline.endShutdown()
        #expect(again.unsentSpanCount == 0)
        #expect(again.spans == report.spans)
    }

    @Test("stops when its time is over, though there is more")
    func timeOver() throws {
        let rig = try Rig(whileSending: { $0.advance(milliseconds: 600) })
        rig.addSpans(0..<12)
        rig.pipeline.beginShutdown(until: rig.clock.now + Self.second)
        #expect(rig.runAll() == .finish)
        #expect(rig.sentSpans == [[0, 1, 2, 3], [4, 5, 6, 7]])
        let report = rig.pipeline.endShutdown()
        #expect(report.unsentSpanCount == 4)
        #expect(report.spans.sentCount == 8)
    }

    @Test("counts each record once, though a request is under way when it is over", arguments: [200, 400, 413, 503])
    func underWay(code: Int) throws {
        let box = PipelineBox()
        let rig = try Rig(then: .status(code), whileSending: { _ in box.end() })
        box.set(rig.pipeline)
        rig.addSpans(0..<6)
        #expect(rig.runAll() == .finish)
        #expect(rig.sentSpans == [[0, 1, 2, 3]])
        #expect(rig.spans.droppedCounts == [.shutdown: 6])
        #expect(rig.spans.sentCount == 0)
        #expect(rig.spans.heldCount == 0)
        #expect(rig.spans.heldByteCount == 0)
        #expect(rig.metric("otlp_export_held_records", ["signal": "traces"]) == 0)
    }

    @Test("sends the events of spans that are open as log records")
    func openSpans() throws {
        let rig = try Rig()
        rig.begin(Rig.context(1))
        rig.begin(Rig.context(2))
        for number in 0..<4 { rig.admit(Rig.event(number, in: Rig.context(1 + number % 2))) }
        rig.pipeline.beginShutdown(until: rig.clock.now + Self.second)
        #expect(rig.run() == .finish)
        #expect(rig.sentLogs == [[0, 1, 2, 3]])
    }
}
