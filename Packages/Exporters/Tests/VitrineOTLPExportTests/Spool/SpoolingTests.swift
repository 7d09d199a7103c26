// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import Testing
import VitrineOTLP
import VitrineObservability

@testable import VitrineOTLPExport
@testable import VitrineOTLPSpool

@Suite("OTLP export, what is left at the end")
struct SpoolingTests {
    private static let second: UInt64 = 1_000_000_000

    /// Shuts down at once, as far as sending goes, with a second for the spool.
    private func end(_ rig: Rig) -> OTLPShutdownReport {
        rig.pipeline.beginShutdown(until: rig.clock.now + Self.second)
        rig.runAll()
        rig.pipeline.spoolRest(until: .max)
        return rig.pipeline.endShutdown()
    }

    @Test("is sent by the next, and counted by both to the last record")
    func nextProcess() throws {
        let folder = try SpoolTestFolder()
        let rig = try Rig(then: .down, spool: try folder.spool())
        rig.addSpans(0..<6)
        rig.addLogs(0..<3)
        let report = end(rig)
        #expect(report.spooledSpanCount == 6)
        #expect(report.spooledLogRecordCount == 3)
        #expect(report.unsentSpanCount == 0)
        #expect(report.unsentLogRecordCount == 0)
        #expect(report.spans.droppedCount == 0)
        #expect(report.spans.heldCount == 0)
        #expect(report.spans.heldByteCount == 0)
        #expect(rig.metric("otlp_export_held_records", ["signal": "traces"]) == 0)
        #expect(rig.metric("otlp_export_spooled_records_total", ["signal": "traces"]) == 6)
        #expect(rig.metric("otlp_export_spooled_records_total", ["signal": "logs"]) == 3)
        #expect(folder.states == ["otlp", "otlp", "otlp"])

        let next = try Rig(spool: try folder.spool())
        next.run()
        #expect(next.sentSpans == [[0, 1, 2, 3], [4, 5]])
        #expect(next.sentLogs == [[0, 1, 2]])
        #expect(next.spans == OTLPExportCounts())
        #expect(next.pipeline.recovery.withLock { $0.counts.sentCount } == 9)
        #expect(next.pipeline.recovery.withLock { $0.counts.fileCount } == 3)
        #expect(next.metric("otlp_export_recovered_records_total", ["signal": "traces"]) == 6)
        #expect(next.metric("otlp_export_recovered_records_total", ["signal": "logs"]) == 3)
        #expect(folder.states == [])
    }

    @Test("has the last metrics in it, which the next sends as they were", arguments: [false, true])
    func metrics(isCollected: Bool) throws {
        let folder = try SpoolTestFolder()
        let metrics = ScriptedMetrics(familyCount: 2, seriesCount: 3)
        let rig = try Rig(then: .down, spool: try folder.spool(), metricsSource: metrics.source)
        // Where there is no time for a request, they are collected only to be spooled.
        rig.pipeline.beginShutdown(until: isCollected ? rig.clock.now + Self.second : 0)
        rig.runAll()
        #expect(metrics.collectionCount == (isCollected ? 1 : 0))
        rig.pipeline.spoolRest(until: .max)
        let report = rig.pipeline.endShutdown()
        #expect(metrics.collectionCount == 1)
        #expect(report.spooledDataPointCount == 6)
        #expect(report.unsentDataPointCount == 0)
        #expect(report.isMissingLastMetrics)
        #expect(report.dataPoints.heldCount == 0)
        #expect(report.dataPoints.droppedCounts == [:])
        #expect(rig.metric("otlp_export_held_records", ["signal": "metrics"]) == 0)
        #expect(rig.metric("otlp_export_spooled_records_total", ["signal": "metrics"]) == 6)
        #expect(folder.states == ["otlp"])

        let next = try Rig(spool: try folder.spool())
        next.run()
        #expect(next.sentFamilies == [[0, 1]])
        #expect(next.sentSeries == [[0, 1, 2, 0, 1, 2]])
        if isCollected { #expect(next.sentMetricsBodies.first == rig.sentMetricsBodies.first) }
        #expect(next.pipeline.recovery.withLock { $0.counts.sentCount } == 6)
        #expect(next.metric("otlp_export_recovered_records_total", ["signal": "metrics"]) == 6)
        #expect(folder.states == [])
    }

    @Test("has metrics in parts where they do not fit, and counts what does not fit at all")
    func metricsParts() throws {
        let folder = try SpoolTestFolder()
        let metrics = ScriptedMetrics(familyCount: 2, seriesCount: 8)
        let rig = try Rig(
            then: .down, spool: try folder.spool { $0.fileByteCount = 700 }, metricsSource: metrics.source)
        let report = end(rig)
        #expect(report.spooledDataPointCount == 16)
        #expect(folder.states.count > 1)
        let next = try Rig(spool: try folder.spool())
        next.run()
        #expect(next.sentSeries.flatMap(\.self) == Array(0..<8) + Array(0..<8))

        let none = try Rig(
            then: .down, spool: try folder.spool { $0.fileByteCount = 50 }, metricsSource: metrics.source)
        #expect(end(none).dataPoints.droppedCounts == [.tooLarge: 16])
        #expect(none.points.heldCount == 0)
        #expect(folder.states == [])
    }

    @Test("has no metrics in it that were sent")
    func sentMetrics() throws {
        let folder = try SpoolTestFolder()
        let rig = try Rig(spool: try folder.spool(), metricsSource: ScriptedMetrics().source)
        let report = end(rig)
        #expect(report.spooledDataPointCount == 0)
        #expect(!report.isMissingLastMetrics)
        #expect(folder.states == [])
    }

    @Test("has the request whose answer never came in it, and none whose answer came")
    func underWay() throws {
        let folder = try SpoolTestFolder()
        let box = SpoolingBox()
        let rig = try Rig([.status(200)], spool: try folder.spool(), whileSending: { _ in box.end() })
        box.set(rig.pipeline, atRequest: 2)
        rig.addSpans(0..<10)
        rig.runAll()
        // The answer to the second request, 200, came too late.
        #expect(rig.sentSpans == [[0, 1, 2, 3], [4, 5, 6, 7]])
        #expect(rig.spans.sentCount == 4)
        #expect(rig.spans.spooledCount == 6)
        #expect(rig.spans.droppedCount == 0)
        #expect(rig.spans.heldCount == 0)
        let next = try Rig(spool: try folder.spool())
        next.run()
        #expect(next.sentSpans == [[4, 5, 6, 7], [8, 9]])
    }

    @Test("is dropped where the disk does not take it, and costs nothing but the count")
    func failingDisk() throws {
        let folder = try SpoolTestFolder()
        let rig = try Rig(then: .down, spool: try folder.spool())
        try folder.remove()
        rig.addSpans(0..<6)
        let report = end(rig)
        #expect(report.spans.droppedCounts == [.spoolFailed: 6])
        #expect(report.spooledSpanCount == 0)
        #expect(report.spans.heldCount == 0)
        #expect(
            rig.metric("otlp_export_dropped_records_total", ["signal": "traces", "reason": "spool_failed"]) == 6)
        let failures = rig.notices.count { if case .spoolFailed(.system) = $0 { true } else { false } }
        #expect(failures >= 2)
    }

    @Test("is written in parts that fit into files, and a record that does not is dropped")
    func parts() throws {
        let folder = try SpoolTestFolder()
        let rig = try Rig(then: .down, spool: try folder.spool { $0.fileByteCount = 1_000 })
        rig.addSpans(0..<1, text: String(repeating: "x", count: 2_000))
        rig.addSpans(1..<4, text: String(repeating: "x", count: 300))
        let report = end(rig)
        #expect(report.spooledSpanCount == 3)
        #expect(report.spans.droppedCounts == [.tooLarge: 1])
        let next = try Rig(spool: try folder.spool())
        next.run()
        #expect(next.sentSpans.flatMap(\.self) == [1, 2, 3])
    }

    @Test("drops the oldest files where there is no room, and says so")
    func bounds() throws {
        let folder = try SpoolTestFolder()
        try folder.add(.logs, "old", recordCount: 2, age: 3)
        try folder.add(.traces, "newer", recordCount: 3, age: 2)
        let rig = try Rig(then: .down, spool: try folder.spool { $0.fileCount = 2 })
        rig.addSpans(0..<2)
        #expect(end(rig).spooledSpanCount == 2)
        #expect(rig.pipeline.recovery.withLock { $0.counts.droppedCounts } == [.spoolFull: 2])
        #expect(rig.notices.contains(.dropped(.logs, recordCount: 2, .spoolFull, nil)))
        #expect(
            rig.metric(
                "otlp_export_recovered_dropped_records_total", ["signal": "logs", "reason": "spool_full"]) == 2)
        #expect(folder.states == ["otlp", "otlp"])
    }

    @Test("is dropped when the time is over")
    func timeOver() throws {
        let folder = try SpoolTestFolder()
        let rig = try Rig(then: .down, spool: try folder.spool())
        rig.addSpans(0..<6)
        rig.pipeline.beginShutdown(until: rig.clock.now)
        rig.pipeline.spoolRest(until: rig.clock.now)
        let report = rig.pipeline.endShutdown()
        #expect(report.unsentSpanCount == 6)
        #expect(report.spans.droppedCounts == [.shutdown: 6])
        #expect(report.spooledSpanCount == 0)
        #expect(folder.states == [])
    }

    @Test("is dropped, to the last record, while another process keeps the folder to itself")
    func busyFolder() throws {
        let folder = try SpoolTestFolder()
        let other = try folder.spool()
        try other.folder.handle.lock()
        let exporter = try OTLPExporter(
            resource: OTLPResource(serviceName: "test"),
            transport: ScriptedTransport(then: .status(503, retryAfter: "250")), spool: folder.spool())
        Telemetry.withSubscriber(exporter) { for number in 0..<1_000 { event("log<\(number)>") } }
        let report = exporter.shutdown(withinMilliseconds: 200)
        // Which of the two it is depends on who sees first that the time is over.
        let dropped = report.logs.droppedCounts
        #expect(Set(dropped.keys).isSubset(of: [.shutdown, .spoolFailed]))
        #expect(report.logs.droppedCount == 1_000)
        #expect(report.logs.spooledCount == 0)
        #expect(report.logs.heldCount == 0)
        other.folder.handle.unlock()
        #expect(folder.states == [])
    }

    @Test("is written once, however often the exporter is shut down")
    func again() throws {
        let folder = try SpoolTestFolder()
        let rig = try Rig(then: .down, spool: try folder.spool())
        rig.addSpans(0..<3)
        let report = end(rig)
        #expect(report.spooledSpanCount == 3)
        rig.addSpans(3..<5)
        rig.pipeline.spoolRest(until: .max)
        let again = rig.pipeline.endShutdown()
        #expect(again.spooledSpanCount == 3)
        #expect(again.spans.droppedCounts == [.shutdown: 2])
        #expect(folder.states == ["otlp"])
    }

    @Test("a quarter of the time is kept for it, up to what is configured, if there is a spool", arguments: [0, 1, 2])
    func reserve(case number: Int) throws {
        let folder = try SpoolTestFolder()
        let rig = try Rig(spool: number == 0 ? nil : try folder.spool()) { configuration in
            if number == 2 { configuration.spoolReserveMilliseconds = 100 }
        }
        let reserves = [0, 3, 800, 60_000, UInt32.max].map {
            rig.pipeline.spoolReserveNanoseconds(ofMilliseconds: $0) / 1_000_000
        }
        let expected: [[UInt64]] = [[0, 0, 0, 0, 0], [0, 0, 200, 1_000, 1_000], [0, 0, 100, 100, 100]]
        #expect(reserves == expected[number])
    }
}
