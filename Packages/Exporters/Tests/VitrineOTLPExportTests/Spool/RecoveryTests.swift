// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import Testing
import VitrineOTLP
import VitrineOTLPSpool
import VitrineObservability

@testable import VitrineOTLPExport

@Suite("OTLP export, what is found in the spool")
struct RecoveryTests {
    private static let second: UInt64 = 1_000_000_000

    private func bodies(_ rig: Rig) -> [String] {
        rig.transport.requests.map { String(decoding: $0.body, as: UTF8.self) }
    }

    @Test("goes to its signal's path, byte for byte, the oldest first")
    func order() throws {
        let folder = try SpoolTestFolder()
        try folder.add(.metrics, "b", age: 2)
        try folder.add(.traces, "a", age: 3)
        try folder.add(.logs, "c", age: 1)
        let rig = try Rig(spool: try folder.spool())
        #expect(rig.run() == .wait(until: rig.clock.now + 60 * Self.second))
        #expect(bodies(rig) == ["a", "b", "c"])
        #expect(rig.transport.requests.map(\.signal) == [.traces, .metrics, .logs])
        #expect(rig.metric("otlp_export_recovered_records_total", ["signal": "metrics"]) == 1)
        #expect(folder.states == [])
    }

    @Test("goes after what is new, with a pause between files")
    func pace() throws {
        let folder = try SpoolTestFolder()
        for age in 1...3 { try folder.add(.traces, "old", age: UInt64(age)) }
        let rig = try Rig(spool: try folder.spool { $0.pauseMilliseconds = 50 })
        rig.addSpans(0..<8)
        let start = rig.clock.now
        #expect(rig.run() == .wait(until: start + 50_000_000))
        #expect(rig.sentSpans == [[0, 1, 2, 3], [4, 5, 6, 7], []])
        rig.clock.advance(milliseconds: 50)
        rig.addSpans(8..<12)
        #expect(rig.run() == .wait(until: start + 100_000_000))
        #expect(rig.sentSpans.suffix(2) == [[8, 9, 10, 11], []])
    }

    @Test("is tried again with the policy's waits, and never given up for that")
    func retries() throws {
        let folder = try SpoolTestFolder()
        try folder.add(.traces, "x")
        let rig = try Rig(
            [.down, .status(503), .status(429, retryAfter: "7"), .status(503, retryAfter: "1000000"), .status(504)],
            spool: try folder.spool())
        let start = rig.clock.now
        var times: [UInt64] = []
        while rig.recoveredCounts.sentCount == 0, times.count < 20 {
            guard case .wait(let time?) = rig.run(), rig.recoveredCounts.sentCount == 0 else { break }
            times.append((time - start) / 1_000_000)
            rig.clock.advance(to: time)
        }
        // 1 and 1.5 s; what the receiver wants; the longest that is waited for; the usual again.
        #expect(times == [1_000, 2_500, 9_500, 309_500, 314_562])
        #expect(rig.recoveredCounts.sentCount == 1)
        #expect(rig.recoveredCounts.retryCount == 5)
        #expect(rig.notices.count == 5)
        #expect(folder.states == [])
    }

    @Test("waits while the receiver does not take what is new of the same signal")
    func sharedFailure() throws {
        let folder = try SpoolTestFolder()
        try folder.add(.traces, "old", age: 2)
        try folder.add(.logs, "old", age: 1)
        let rig = try Rig([.status(503)], spool: try folder.spool())
        rig.addSpans(0..<4)
        let start = rig.clock.now
        #expect(rig.run() == .wait(until: start + Self.second))
        #expect(rig.transport.requests.count == 1)
        rig.clock.advance(milliseconds: 2_000)
        // Neither before the next attempt nor while that is under way, though both threads may wake at once.
        #expect(rig.run(.recovery) == .wait(until: start + 3 * Self.second))
        rig.transport.hang(.spans, then: .status(503)) { [unowned rig] in
            rig.clock.advance(milliseconds: 1_000)
            rig.run(.recovery)
        }
        rig.run(.spans)
        rig.transport.hangNoMore()
        rig.clock.advance(milliseconds: 1_000)
        #expect(rig.run() == .wait(until: start + 9 * Self.second / 2))
        #expect(rig.transport.requests.map(\.signal) == [.traces, .traces])
        rig.clock.advance(milliseconds: 500)
        rig.run()
        #expect(rig.transport.requests.map(\.signal) == [.traces, .traces, .traces])
        rig.clock.advance(milliseconds: 1_000)
        rig.run()
        #expect(rig.transport.requests.map(\.signal) == [.traces, .traces, .traces, .traces, .logs])
        #expect(rig.sentSpans == [[0, 1, 2, 3], [0, 1, 2, 3], [0, 1, 2, 3], []])
        #expect(folder.states == [])
    }

    @Test("waits likewise with metrics, and has the time of its signal")
    func sharedMetricsFailure() throws {
        let folder = try SpoolTestFolder()
        try folder.add(.metrics, "old", age: 2)
        let rig = try Rig(
            [.status(503)], spool: try folder.spool(), { $0.requestTimeoutMillisecondsBySignal = [.metrics: 700] },
            metricsSource: ScriptedMetrics().source)
        rig.pipeline.want()
        let start = rig.clock.now
        #expect(rig.run() == .wait(until: start + Self.second))
        #expect(rig.transport.requests.count == 1)
        rig.clock.advance(milliseconds: 1_000)
        #expect(rig.run() == .wait(until: start + 2 * Self.second))
        rig.clock.advance(milliseconds: 1_000)
        rig.run()
        #expect(bodies(rig).last == "old")
        #expect(rig.transport.requests.map(\.timeoutMilliseconds) == [700, 700, 700])
        #expect(folder.states == [])
    }

    @Test("is settled as the receiver says", arguments: [200, 206, 400, 413, 302])
    func settled(code: Int) throws {
        let folder = try SpoolTestFolder()
        try folder.add(.traces, String(repeating: "x", count: 100), recordCount: 10)
        let answer: ScriptedTransport.Answer = code == 206 ? .partial(3, "no") : .status(code)
        let rig = try Rig([answer], spool: try folder.spool())
        rig.run()
        let dropped: [Int: [OTLPDropReason: Int]] = [
            200: [:], 206: [.rejected: 3], 400: [.refused: 10], 413: [.tooLarge: 10], 302: [.refused: 10],
        ]
        #expect(rig.recoveredCounts.droppedCounts == dropped[code])
        #expect(rig.recoveredCounts.sentCount == (code == 200 ? 10 : code == 206 ? 7 : 0))
        #expect(rig.recoveredCounts.fileCount == 1)
        #expect(rig.transport.requests.count == 1)
        #expect(folder.states == [])
    }

    @Test("counts no more records as rejected than there were")
    func rejected() throws {
        let folder = try SpoolTestFolder()
        try folder.add(.traces, "xyz", recordCount: 2)
        let rig = try Rig([.partial(100)], spool: try folder.spool())
        rig.run()
        #expect(rig.recoveredCounts.droppedCounts == [.rejected: 2])
        #expect(rig.recoveredCounts.sentCount == 0)
    }

    @Test("is dropped when it is too old")
    func expired() throws {
        let folder = try SpoolTestFolder()
        try folder.add(.traces, "12345", recordCount: 5, age: 101)
        try folder.add(.traces, "x", age: 99)
        let rig = try Rig(spool: try folder.spool { $0.ageSeconds = 100 })
        rig.run()
        #expect(bodies(rig) == ["x"])
        #expect(rig.recoveredCounts.droppedCounts == [.spoolExpired: 5])
        #expect(rig.notices == [.dropped(.traces, recordCount: 5, .spoolExpired, nil)])
    }

    @Test("is moved aside where it cannot be read, and holds up nothing")
    func damaged() throws {
        let folder = try SpoolTestFolder()
        try folder.addDamaged()
        try folder.add(.traces, "x")
        let rig = try Rig(spool: try folder.spool())
        rig.run()
        #expect(bodies(rig) == ["x"])
        #expect(rig.recoveredCounts.refusedFileCount == 1)
        #expect(rig.notices == [.spoolFileRefused(.truncated(byteCount: 3))])
        #expect(rig.metric("otlp_export_refused_spool_files_total", [:]) == 1)
        #expect(folder.states == ["bad"])
    }

    @Test("stays where it is of another version, and is looked at once")
    func otherVersion() throws {
        let folder = try SpoolTestFolder()
        try folder.addOtherVersion()
        let rig = try Rig(spool: try folder.spool())
        for _ in 0..<3 {
            rig.run()
            rig.clock.advance(milliseconds: 60_000)
        }
        #expect(rig.notices == [.spoolFileRefused(.version(2))])
        #expect(rig.transport.requests.isEmpty)
        #expect(folder.states == ["otlp"])
    }

    @Test("comes from others while this process runs, too, a minute later")
    func later() throws {
        let folder = try SpoolTestFolder()
        let rig = try Rig(spool: try folder.spool())
        let start = rig.clock.now
        #expect(rig.run() == .wait(until: start + 60 * Self.second))
        try folder.add(.traces, "x")
        rig.clock.advance(milliseconds: 59_000)
        rig.run()
        #expect(bodies(rig) == [])
        rig.clock.advance(milliseconds: 1_000)
        rig.run()
        #expect(bodies(rig) == ["x"])
    }

    @Test("is left to the next when this process is shut down")
    func shutdown() throws {
        let folder = try SpoolTestFolder()
        try folder.add(.traces, "x")
        let rig = try Rig([.status(503)], spool: try folder.spool())
        #expect(rig.run() == .wait(until: rig.clock.now + Self.second))
        let other = try Rig(spool: try folder.spool())
        other.run()
        #expect(bodies(other) == [])
        rig.pipeline.beginShutdown(until: rig.clock.now + Self.second)
        #expect(rig.run() == .finish)
        _ = rig.pipeline.endShutdown()
        #expect(folder.states == ["otlp"])
        other.clock.advance(milliseconds: 60_000)
        other.run()
        #expect(bodies(other) == ["x"])
    }

    @Test("is not sent twice by this process, though it can be neither removed nor moved")
    func stuck() throws {
        let folder = try SpoolTestFolder()
        try folder.add(.traces, "x")
        let spool = try folder.spool()
        let rig = try Rig(spool: spool, whileSending: { _ in try? folder.blockFiles() })
        rig.run()
        #expect(rig.recoveredCounts.sentCount == 1)
        #expect(rig.pipeline.recovery.withLock { $0.ignored.count } == 1)
        for _ in 0..<3 {
            rig.clock.advance(milliseconds: 60_000)
            rig.run()
        }
        #expect(bodies(rig) == ["x"])
    }

    @Test("an exporter that finds the receiver down leaves its records to the next, which sends them")
    func exporters() async throws {
        let folder = try SpoolTestFolder()
        let resource = OTLPResource(serviceName: "test")
        let down = try OTLPExporter(
            resource: resource, transport: ScriptedTransport(then: .status(503, retryAfter: "250")),
            spool: folder.spool())
        Telemetry.withSubscriber(down) { for number in 0..<1_000 { event("log<\(number)>") } }
        // Less than the receiver wants, so there is nothing to wait for.
        let report = down.shutdown(withinMilliseconds: 240_000)
        #expect(report.spooledLogRecordCount == 1_000)
        #expect(report.logs.droppedCount == 0)

        let transport = ScriptedTransport()
        let next = try OTLPExporter(resource: resource, transport: transport, spool: folder.spool())
        for _ in 0..<60_000 where next.recoveredCounts.sentCount < 1_000 { try await Task.sleep(for: .milliseconds(5)) }
        #expect(next.recoveredCounts.sentCount == 1_000)
        #expect(transport.requests.flatMap { Rig.numbers("log", in: $0.body) }.sorted() == Array(0..<1_000))
        #expect(next.shutdown(withinMilliseconds: 1_000).logs == OTLPExportCounts())
        #expect(folder.states == [])
    }
}
