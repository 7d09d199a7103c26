// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import Testing
import VitrineOTLP
import VitrineOTLPSpool
import VitrineObservability

@testable import VitrineOTLPExport

@Suite("OTLP export, files of the spool that are too large")
struct RecoverySplittingTests {
    private static let second: UInt64 = 1_000_000_000

    private func splits(_ rig: Rig) -> [Int] {
        rig.notices.compactMap { if case .split(_, let count) = $0 { count } else { nil } }
    }

    /// A folder with one file, of so many spans.
    private func folder(_ count: Int, age: UInt64 = 0) throws -> SpoolTestFolder {
        let folder = try SpoolTestFolder()
        try folder.add(.traces, try SpoolTestFolder.body(0..<count), recordCount: count, age: age)
        return folder
    }

    @Test("go out in parts, in their order, and every record once")
    func parts() throws {
        let folder = try folder(16)
        let rig = try Rig(byteLimit: try SpoolTestFolder.body(10..<14).count + 10, spool: try folder.spool())
        rig.run()
        // All, the first half, its first half, its second half, the second half, …
        #expect(
            rig.sentSpans == [
                Array(0..<16), Array(0..<8), Array(0..<4), Array(4..<8), Array(8..<16), Array(8..<12), Array(12..<16),
            ])
        #expect(splits(rig) == [16, 8, 8])
        #expect(rig.recoveredCounts.sentCount == 16)
        #expect(rig.recoveredCounts.droppedCounts == [:])
        #expect(rig.recoveredCounts.fileCount == 4)
        #expect(rig.metric("otlp_export_recovered_records_total", ["signal": "traces"]) == 16)
        #expect(folder.states == [])
    }

    @Test("of log records and of data points do, too", arguments: [OTLPSignal.logs, .metrics])
    func otherSignals(signal: OTLPSignal) throws {
        let folder = try SpoolTestFolder()
        let left = try Rig(
            then: .down, spool: try folder.spool(),
            { $0.logs.batchRecordCount = 8 },
            metricsSource: signal == .metrics ? ScriptedMetrics(familyCount: 1, seriesCount: 8).source : nil)
        if signal == .logs { left.addLogs(0..<8) }
        left.pipeline.beginShutdown(until: left.clock.now + Self.second)
        left.runAll()
        left.pipeline.spoolRest(until: .max)
        _ = left.pipeline.endShutdown()
        let rig = try Rig([.status(413)], spool: try folder.spool())
        rig.run()
        #expect((signal == .logs ? rig.sentLogs : rig.sentSeries) == [Array(0..<8), Array(0..<4), Array(4..<8)])
        #expect(rig.notices == [.split(signal, recordCount: 8)])
        #expect(rig.recoveredCounts.sentCount == 8)
        #expect(folder.states == [])
    }

    @Test("end in counted drops of single records where nothing is small enough, with few files at a time")
    func never() throws {
        let folder = try folder(64)
        let most = Mutex(0)
        let rig = try Rig(
            then: .status(413), spool: try folder.spool(),
            whileSending: { _ in most.withLock { $0 = max($0, folder.states.count) } })
        rig.run()
        #expect(rig.recoveredCounts.droppedCounts == [.tooLarge: 64])
        #expect(rig.recoveredCounts.sentCount == 0)
        #expect(rig.transport.requests.count == 127)
        #expect(splits(rig).count == 63)
        #expect(most.withLock { $0 } == 7)
        #expect(folder.states == [])
        let dropped = ["signal": "traces", "reason": "too_large"]
        #expect(rig.metric("otlp_export_recovered_dropped_records_total", dropped) == 64)
        let failure = OTLPFailure.status(code: 413, message: "")
        #expect(rig.notices.count { $0 == .dropped(.traces, recordCount: 1, .tooLarge, failure) } == 64)
    }

    @Test("lose only the record that is too large alone")
    func oneTooLarge() throws {
        let folder = try SpoolTestFolder()
        var encoder = try OTLPEncoder(resource: OTLPResource(serviceName: "test"))
        var bytes: [UInt8] = []
        let text = String(repeating: "x", count: 3_000)
        let spans = (0..<8).map { OTLPSpan(Rig.span($0, text: $0 == 5 ? text : "")) }
        try encoder.appendTraces(spans.span, to: &bytes)
        try folder.add(.traces, bytes, recordCount: 8)
        let rig = try Rig(byteLimit: 3_000, spool: try folder.spool())
        rig.run()
        #expect(rig.recoveredCounts.sentCount == 7)
        #expect(rig.recoveredCounts.droppedCounts == [.tooLarge: 1])
        #expect(rig.sentSpans == [Array(0..<8), [0, 1, 2, 3], [4, 5, 6, 7], [4, 5], [4], [5], [6, 7]])
        #expect(folder.states == [])
    }

    @Test("are halves for the next process, too, if this one ends")
    func nextProcess() throws {
        let folder = try folder(8)
        let rig = try Rig([.status(413), .status(200), .down], spool: try folder.spool())
        rig.run()
        rig.pipeline.beginShutdown(until: rig.clock.now)
        _ = rig.pipeline.endShutdown()
        #expect(folder.states == ["otlp"])
        let next = try Rig(spool: try folder.spool())
        next.run()
        #expect(next.sentSpans == [[4, 5, 6, 7]])
        #expect(rig.recoveredCounts.sentCount + next.recoveredCounts.sentCount == 8)
    }

    @Test("have halves as old as they were themselves")
    func age() throws {
        let folder = try folder(8, age: 90)
        let rig = try Rig([.status(413), .status(200), .down], spool: try folder.spool { $0.ageSeconds = 100 })
        rig.run()
        rig.clock.advance(milliseconds: 11_000)
        rig.run()
        #expect(rig.recoveredCounts.sentCount == 4)
        #expect(rig.recoveredCounts.droppedCounts == [.spoolExpired: 4])
        #expect(rig.transport.requests.count == 3)
        #expect(folder.states == [])
    }

    @Test("keep the pause between requests, and let new records go first")
    func pace() throws {
        let folder = try folder(4)
        let rig = try Rig(
            [.status(413)], spool: try folder.spool { $0.pauseMilliseconds = 50 }, { $0.logs.batchRecordCount = 1 })
        let start = rig.clock.now
        #expect(rig.run() == .wait(until: start + 50_000_000))
        rig.addLogs(0..<1)
        rig.clock.advance(milliseconds: 50)
        rig.run()
        #expect(rig.transport.requests.map(\.signal) == [.traces, .logs, .traces])
        #expect(rig.sentSpans.last == [0, 1])
    }

    @Test("that are no requests are dropped, with as many records as their header says")
    func nonsense() throws {
        let folder = try SpoolTestFolder()
        try folder.add(.traces, String(repeating: "x", count: 100), recordCount: 10)
        let rig = try Rig([.status(413)], spool: try folder.spool())
        rig.run()
        #expect(rig.recoveredCounts.droppedCounts == [.tooLarge: 10])
        #expect(splits(rig) == [])
        #expect(folder.states == [])
    }
}
