// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineOTLP
import VitrineObservability

@testable import VitrineOTLPExport

@Suite("OTLP export, metrics at shutdown")
struct MetricsShutdownTests {
    private static let second: UInt64 = 1_000_000_000

    @Test("are collected a last time, and never after that")
    func last() throws {
        let metrics = ScriptedMetrics()
        let rig = try Rig(metricsSource: metrics.source)
        rig.addSpans(0..<1)
        rig.pipeline.beginShutdown(until: rig.clock.now + 600 * Self.second)
        #expect(rig.runAll() == .finish)
        #expect(rig.sentCollections == [1])
        #expect(rig.sentSpans == [[0]])
        let report = rig.pipeline.endShutdown()
        #expect(report.unsentDataPointCount == 0)
        #expect(!report.isMissingLastMetrics)
        #expect(report.dataPoints.sentCount == 1)
        rig.pipeline.want()
        #expect(rig.run() == .finish)
        #expect(metrics.collectionCount == 1)
    }

    @Test("take the place of what is tried again")
    func replaced() throws {
        let metrics = ScriptedMetrics()
        let rig = try Rig([.down], metricsSource: metrics.source)
        rig.pipeline.want()
        rig.run()
        rig.pipeline.beginShutdown(until: rig.clock.now + 3 * Self.second)
        #expect(rig.runAll() == .finish)
        #expect(rig.sentCollections == [1, 2])
        #expect(rig.sentMetricsTimes == [0, 1])
        #expect(!rig.pipeline.endShutdown().isMissingLastMetrics)
    }

    @Test("are reported if they cannot be sent")
    func down() throws {
        let metrics = ScriptedMetrics(seriesCount: 5)
        let rig = try Rig(then: .down, metricsSource: metrics.source)
        rig.pipeline.beginShutdown(until: rig.clock.now + 3 * Self.second)
        #expect(rig.runAll() == .finish)
        #expect(rig.sentMetricsTimes == [0, 1, 2.5])
        #expect(rig.transport.requests.map(\.timeoutMilliseconds) == [3_000, 2_000, 500])
        let report = rig.pipeline.endShutdown()
        #expect(report.unsentDataPointCount == 5)
        #expect(report.isMissingLastMetrics)
        #expect(report.dataPoints.droppedCounts == [.shutdown: 5])
        #expect(rig.metric("otlp_export_held_records", ["signal": "metrics"]) == 0)
        #expect(rig.metric("otlp_export_dropped_records_total", ["signal": "metrics", "reason": "shutdown"]) == 5)
        let again = rig.pipeline.endShutdown()
        #expect(again.unsentDataPointCount == 0)
        #expect(again.isMissingLastMetrics)
    }

    @Test("are known to be missing where there was no time to collect them, or a part was not taken")
    func missing() throws {
        let metrics = ScriptedMetrics(seriesCount: 2)
        let late = try Rig(metricsSource: metrics.source)
        late.pipeline.beginShutdown(until: 0)
        #expect(late.run() == .finish)
        let report = late.pipeline.endShutdown()
        #expect(report.unsentDataPointCount == 0)
        #expect(report.isMissingLastMetrics)
        #expect(metrics.collectionCount == 0)
        let partial = try Rig([.partial(1)], metricsSource: metrics.source)
        partial.pipeline.beginShutdown(until: partial.clock.now + Self.second)
        partial.run()
        #expect(partial.pipeline.endShutdown().isMissingLastMetrics)
    }

    @Test("count as dropped where they were still being collected when it was over")
    func stillCollected() throws {
        let box = PipelineBox()
        let metrics = ScriptedMetrics(seriesCount: 6)
        let source = metrics.source
        let rig = try Rig(
            metricsSource: OTLPMetricsSource(start: source.start) {
                box.end()
                return source.collect()
            })
        box.set(rig.pipeline)
        rig.pipeline.want()
        #expect(rig.runAll() == .finish)
        #expect(rig.transport.requests.isEmpty)
        #expect(rig.points.droppedCounts == [.shutdown: 6])
        #expect(rig.points.heldCount == 0)
        #expect(rig.metric("otlp_export_held_records", ["signal": "metrics"]) == 0)
        #expect(rig.pipeline.endShutdown().isMissingLastMetrics)
    }

    @Test("count once, though a request is under way when it is over", arguments: [200, 400, 413, 503])
    func underWay(code: Int) throws {
        let box = PipelineBox()
        let rig = try Rig(
            then: .status(code), metricsSource: ScriptedMetrics(seriesCount: 6).source,
            whileSending: { _ in box.end() })
        box.set(rig.pipeline)
        rig.pipeline.want()
        #expect(rig.runAll() == .finish)
        #expect(rig.sentCollections == [1])
        #expect(rig.points.droppedCounts == [.shutdown: 6])
        #expect(rig.points.sentCount == 0)
        #expect(rig.points.heldCount == 0)
        #expect(rig.metric("otlp_export_held_records", ["signal": "metrics"]) == 0)
    }
}
