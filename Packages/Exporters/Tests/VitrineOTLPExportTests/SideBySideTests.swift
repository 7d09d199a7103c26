// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import Testing
import VitrineOTLP
import VitrineObservability

@testable import VitrineOTLPExport

@Suite("OTLP export, side by side")
struct SideBySideTests {
    private static let second: UInt64 = 1_000_000_000

    private func works(_ rig: Rig) -> [ExportWork] { rig.transport.requests.map(\.work) }

    @Test("a request without an answer holds up nothing else", arguments: ExportWork.allCases)
    func hanging(work: ExportWork) throws {
        let folder = try SpoolTestFolder()
        try folder.add(.traces, SpoolTestFolder.text)
        let rig = try Rig(spool: folder.spool(), metricsSource: ScriptedMetrics(seriesCount: 6).source)
        rig.addSpans(0..<4)
        rig.addLogs(0..<3)
        let others = ExportWork.allCases.filter { $0 != work }
        rig.transport.hang(work) { [unowned rig] in
            rig.addSpans(4..<8)
            rig.pipeline.want()
            for other in others { rig.run(other) }
        }
        rig.pipeline.want()
        rig.run(work)
        var expected = [work] + others
        // Of spans there are two requests, wherever they do not hang.
        if let place = others.firstIndex(of: .spans) { expected.insert(.spans, at: place + 1) }
        #expect(works(rig) == expected)
        #expect(rig.spans.sentCount == (work == .spans ? 0 : 8))
        #expect(rig.logs.sentCount == (work == .logs ? 0 : 3))
        #expect(rig.points.sentCount == (work == .metrics ? 0 : 6))
        #expect(rig.pipeline.recovery.withLock { $0.counts.sentCount } == (work == .recovery ? 0 : 1))
    }

    @Test("a source of metrics that takes its time holds up nothing else")
    func slowSource() throws {
        let folder = try SpoolTestFolder()
        try folder.add(.metrics, SpoolTestFolder.text)
        let slow = Mutex<Rig?>(nil)
        let metrics = ScriptedMetrics().source
        let rig = try Rig(
            spool: folder.spool(),
            metricsSource: OTLPMetricsSource(start: metrics.start) {
                let rig = slow.withLock { $0 }
                for work in [ExportWork.spans, .logs, .recovery] { rig?.run(work) }
                return metrics.collect()
            })
        slow.withLock { $0 = rig }
        defer { slow.withLock { $0 = nil } }
        rig.addSpans(0..<4)
        rig.addLogs(0..<4)
        rig.clock.advance(milliseconds: 60_000)
        rig.run(.metrics)
        #expect(works(rig) == [.spans, .logs, .recovery, .metrics])
    }

    @Test("metrics that are always due, and never get through, leave the others what they have", arguments: [413, 503])
    func alwaysDue(code: Int) throws {
        let rig = try Rig(
            [], then: .status(code),
            { configuration in
                configuration.metricsIntervalMilliseconds = 0
                configuration.retry.initialDelayMilliseconds = 0
                configuration.retry.maximumDelayMilliseconds = 0
            }, metricsSource: ScriptedMetrics(familyCount: 8, seriesCount: 64).source,
            whileSending: { $0.advance(milliseconds: 5) })
        rig.clock.advance(milliseconds: 5)
        rig.addSpans(0..<4)
        for _ in 0..<6 { _ = rig.pipeline.step(.metrics) }
        #expect(rig.pipeline.step(.spans) == .again)
        #expect(works(rig).first == .metrics)
        #expect(works(rig).last == .spans)
    }

    @Test(
        "shutdown sends what it can while one receiver does not answer, and counts the rest to the last record",
        arguments: [ExportWork.spans, .logs, .metrics], [false, true])
    func shutdown(work: ExportWork, isSpooled: Bool) throws {
        let folder = try SpoolTestFolder()
        let rig = try Rig(
            spool: isSpooled ? folder.spool() : nil, metricsSource: ScriptedMetrics(seriesCount: 6).source)
        rig.addSpans(0..<10)
        rig.addLogs(0..<3)
        let reports = Mutex<[OTLPShutdownReport]>([])
        rig.transport.hang(work, then: .status(200)) { [unowned rig] in
            rig.pipeline.beginShutdown(until: rig.clock.now + Self.second)
            for other in rig.pipeline.works where other != work { #expect(rig.run(other) == .finish) }
            rig.pipeline.spoolRest(until: .max)
            reports.withLock { $0.append(rig.pipeline.endShutdown()) }
        }
        rig.pipeline.want()
        #expect(rig.run(work) == .finish)
        let report = try #require(reports.withLock { $0.first })
        #expect(reports.withLock { $0.count } == 1)
        for (signal, counts, count) in [
            (ExportWork.spans, report.spans, 10), (.logs, report.logs, 3), (.metrics, report.dataPoints, 6),
        ] {
            let isLeft = signal == work
            // Metrics have one collection that was under way, and with a spool the last one.
            #expect(counts.sentCount == (isLeft ? 0 : count))
            #expect(counts.heldCount == 0)
            let all = signal == .metrics && isLeft && isSpooled ? 2 * count : count
            #expect(counts.spooledCount == (isLeft && isSpooled ? all : 0))
            #expect(counts.droppedCounts == (isLeft && !isSpooled ? [.shutdown: count] : [:]))
        }
        #expect(report.isMissingLastMetrics == (work == .metrics))
        // The answer that came too late changes nothing.
        #expect(rig.spans == report.spans)
        #expect(rig.logs == report.logs)
        #expect(rig.points == report.dataPoints)
    }

    @Test("there is a work for what is configured, and for nothing else")
    func works() throws {
        let folder = try SpoolTestFolder()
        #expect(try Rig().pipeline.works == [.spans, .logs])
        #expect(try Rig([], { $0.signals = [.logs, .metrics] }).pipeline.works == [.logs])
        #expect(try Rig(spool: folder.spool(), { $0.signals = [.traces] }).pipeline.works == [.spans, .recovery])
        let metrics = ScriptedMetrics().source
        #expect(try Rig([], { $0.signals = [.metrics] }, metricsSource: metrics).pipeline.works == [.metrics])
    }

    @Test("news wake nobody whom they do not concern")
    func news() throws {
        let folder = try SpoolTestFolder()
        let rig = try Rig(spool: folder.spool(), metricsSource: ScriptedMetrics().source)
        func woken(by body: () -> Void) -> [ExportWork] {
            let known = rig.pipeline.news.mapValues(\.count)
            body()
            return rig.pipeline.works.filter { rig.pipeline.news[$0]?.count != known[$0] }
        }
        #expect(woken { rig.addSpans(0..<8) } == [.spans])
        #expect(woken { rig.addLogs(0..<8) } == [.logs])
        #expect(woken { rig.run() } == [])
        #expect(woken { rig.pipeline.want() } == [.metrics])
        rig.addLogs(8..<9)
        #expect(woken { rig.pipeline.want() } == [.logs, .metrics])
        #expect(woken { rig.pipeline.beginShutdown(until: .max) } == ExportWork.allCases)
    }
}
