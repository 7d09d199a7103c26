// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineOTLP
import VitrineObservability

@testable import VitrineOTLPExport

@Suite("OTLP export, metrics")
struct PeriodicMetricsTests {
    private static let second: UInt64 = 1_000_000_000

    @Test("are collected once each interval, from the start")
    func interval() throws {
        let metrics = ScriptedMetrics()
        let rig = try Rig(metricsSource: metrics.source)
        let start = rig.clock.now
        #expect(rig.run() == .wait(until: start + 60 * Self.second))
        for minute in 1...3 {
            rig.clock.advance(to: start + UInt64(minute) * 60 * Self.second)
            #expect(rig.run() == .wait(until: start + UInt64(minute + 1) * 60 * Self.second))
        }
        #expect(rig.sentCollections == [1, 2, 3])
        #expect(rig.sentMetricsTimes == [60, 120, 180])
        #expect(rig.points.sentCount == 3)
        #expect(rig.transport.requests.map(\.timeoutMilliseconds) == [10_000, 10_000, 10_000])
    }

    @Test("skip what was missed, and keep their beat")
    func missed() throws {
        let metrics = ScriptedMetrics()
        let rig = try Rig([], { $0.metricsIntervalMilliseconds = 10_000 }, metricsSource: metrics.source)
        let start = rig.clock.now
        rig.clock.advance(milliseconds: 14_000)
        #expect(rig.run() == .wait(until: start + 20 * Self.second))
        rig.clock.advance(milliseconds: 31_000)
        // 20, 30 and 40 are over: one collection for the three of them.
        #expect(rig.run() == .wait(until: start + 55 * Self.second))
        #expect(rig.sentMetricsTimes == [14, 45])
    }

    @Test("go out on demand, once for all who ask, and the beat stays")
    func demand() throws {
        let metrics = ScriptedMetrics()
        let rig = try Rig(metricsSource: metrics.source)
        let start = rig.clock.now
        rig.clock.advance(milliseconds: 1_000)
        let wanted = rig.pipeline.want()
        let too = rig.pipeline.want()
        #expect(!rig.pipeline.isSettled(wanted))
        #expect(rig.run() == .wait(until: start + 60 * Self.second))
        #expect(rig.pipeline.isSettled(wanted))
        #expect(rig.pipeline.isSettled(too))
        #expect(rig.sentMetricsTimes == [1])
        #expect(!rig.pipeline.isSettled(rig.pipeline.want()))
    }

    @Test("are tried again as they were, byte for byte")
    func retry() throws {
        let metrics = ScriptedMetrics()
        let rig = try Rig([.down, .status(503, retryAfter: "7")], metricsSource: metrics.source)
        let wanted = rig.pipeline.want()
        rig.run()
        #expect(rig.points.heldCount == 1)
        #expect(rig.metric("otlp_export_held_records", ["signal": "metrics"]) == 1)
        rig.clock.advance(milliseconds: 1_000)
        rig.run()
        rig.clock.advance(milliseconds: 7_000)
        rig.run()
        #expect(rig.pipeline.isSettled(wanted))
        #expect(rig.sentMetricsTimes == [0, 1, 8])
        #expect(Set(rig.sentMetricsBodies).count == 1)
        #expect(metrics.collectionCount == 1)
        #expect(rig.points.sentCount == 1)
        #expect(rig.points.retryCount == 2)
        #expect(rig.metric("otlp_export_retries_total", ["signal": "metrics"]) == 2)
        #expect(rig.metric("otlp_export_held_records", ["signal": "metrics"]) == 0)
        #expect(rig.metric("otlp_export_sent_records_total", ["signal": "metrics"]) == 1)
        #expect(rig.metric("otlp_export_request_duration_seconds", ["signal": "metrics"]) == 3)
    }

    @Test("are replaced by the next collection, which has to wait as its predecessor had")
    func superseded() throws {
        let metrics = ScriptedMetrics(seriesCount: 3)
        let rig = try Rig(
            [.status(429, retryAfter: "12")],
            {
                $0.metricsIntervalMilliseconds = 10_000
                $0.metricsTimeoutMilliseconds = 60_000
            }, metricsSource: metrics.source)
        rig.clock.advance(milliseconds: 10_000)
        rig.run()
        let wanted = rig.pipeline.want()
        rig.run()
        #expect(rig.points.droppedCounts == [.superseded: 3])
        #expect(!rig.pipeline.isSettled(wanted))
        rig.clock.advance(milliseconds: 10_000)
        rig.run()
        rig.clock.advance(milliseconds: 2_000)
        rig.run()
        #expect(rig.pipeline.isSettled(wanted))
        #expect(rig.sentMetricsTimes == [10, 22])
        #expect(rig.sentCollections == [1, 3])
        #expect(rig.points.sentCount == 3)
        #expect(rig.points.droppedCounts == [.superseded: 6])
        #expect(rig.metric("otlp_export_dropped_records_total", ["signal": "metrics", "reason": "superseded"]) == 6)
    }

    @Test("are given up when their time is over, and the next collection has them all")
    func timeout() throws {
        let metrics = ScriptedMetrics()
        let rig = try Rig(Array(repeating: .down, count: 8), metricsSource: metrics.source)
        let wanted = rig.pipeline.want()
        rig.runAllBefore(milliseconds: 60_000)
        #expect(rig.pipeline.isSettled(wanted))
        #expect(rig.points.droppedCounts == [.retriesExhausted: 1])
        // 0, 1, 2.5, 4.75 … 20.8; the next would be after 30.
        #expect(rig.sentMetricsTimes.last == 20.78125)
        #expect(rig.transport.requests.last?.timeoutMilliseconds == 9_218)
        rig.clock.advance(milliseconds: 60_000)
        rig.runAllBefore(milliseconds: 30_000)
        #expect(rig.sentCollections.last == 2)
        #expect(rig.points.sentCount == 1)
    }

    @Test("are split by families, then by series, where they are too large")
    func split() throws {
        let metrics = ScriptedMetrics(familyCount: 3, seriesCount: 2)
        let rig = try Rig([.status(413), .status(413), .status(413)], metricsSource: metrics.source)
        let wanted = rig.pipeline.want()
        rig.run()
        #expect(rig.pipeline.isSettled(wanted))
        #expect(rig.sentFamilies == [[0, 1, 2], [0], [0], [0], [1, 2]])
        #expect(rig.sentSeries[1...3] == [[0, 1], [0], [1]])
        #expect(rig.points.sentCount == 5)
        #expect(rig.points.droppedCounts == [.tooLarge: 1])
        #expect(
            rig.notices == [
                .split(.metrics, recordCount: 6), .split(.metrics, recordCount: 2),
                .dropped(.metrics, recordCount: 1, .tooLarge, .status(code: 413, message: "")),
            ])
    }

    @Test("are split where the encoder finds them too large")
    func splitByEncoder() throws {
        let metrics = ScriptedMetrics(familyCount: 16, seriesCount: 4)
        let rig = try Rig([], { $0.encoding.requestByteCount = 2_000 }, metricsSource: metrics.source)
        rig.pipeline.want()
        rig.run()
        #expect(rig.sentFamilies.count > 4)
        #expect(rig.sentFamilies.flatMap { $0 } == Array(0..<16))
        #expect(rig.points.sentCount == 64)
    }

    @Test("count what a receiver refuses or rejects")
    func refused() throws {
        let metrics = ScriptedMetrics(seriesCount: 4)
        let rig = try Rig(
            [.status(400), .partial(3, "why"), .partial(100), .status(200, body: Array("<html>".utf8))],
            metricsSource: metrics.source)
        for _ in 0..<4 {
            rig.pipeline.want()
            rig.run()
        }
        #expect(rig.points.droppedCounts == [.refused: 4, .rejected: 7])
        #expect(rig.points.sentCount == 5)
        #expect(rig.points.heldCount == 0)
        #expect(rig.notices.count == 4)
        #expect(rig.metric("otlp_export_held_records", ["signal": "metrics"]) == 0)
    }

    @Test("make no request where there is nothing to tell, and none without a source")
    func nothing() throws {
        let rig = try Rig(metricsSource: ScriptedMetrics(familyCount: 0).source)
        let wanted = rig.pipeline.want()
        rig.run()
        #expect(rig.pipeline.isSettled(wanted))
        #expect(rig.transport.requests.isEmpty)
        let other = try Rig([], { $0.signals = [.traces] }, metricsSource: ScriptedMetrics().source)
        let again = other.pipeline.want()
        #expect(other.run() == .wait(until: nil))
        #expect(other.pipeline.isSettled(again))
        #expect(other.transport.requests.isEmpty)
    }

    @Test("have any times that can be told", arguments: [0, UInt32.max])
    func extremes(number: UInt32) throws {
        let rig = try Rig(
            [],
            {
                $0.metricsIntervalMilliseconds = number
                $0.metricsTimeoutMilliseconds = number
                $0.requestTimeoutMillisecondsBySignal = [.metrics: number]
            }, metricsSource: ScriptedMetrics().source)
        rig.pipeline.want()
        rig.run()
        #expect(rig.points.sentCount == 1)
        #expect(rig.transport.requests.first?.timeoutMilliseconds == max(1, number))
    }
}

extension Rig {
    /// Steps and moves the clock to what comes next, as long as that is before so much time.
    func runAllBefore(milliseconds: UInt64) {
        let end = clock.now + milliseconds * 1_000_000
        while case .wait(let time?) = run(), time < end { clock.advance(to: time) }
    }
}
