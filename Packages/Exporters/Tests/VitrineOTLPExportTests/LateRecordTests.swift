// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import Testing
import VitrineOTLP
import VitrineObservability

@testable import VitrineOTLPExport

@Suite("OTLP export, records on their way in at the end")
struct LateRecordTests {
    @Test("are counted as dropped when they arrive after the report, once")
    func afterReport() throws {
        let rig = try Rig()
        let late = try #require(InFlight(rig.pipeline))
        rig.addSpans(0..<1)
        rig.pipeline.beginShutdown(until: rig.clock.now + 1_000_000_000)
        rig.run()
        #expect(rig.pipeline.endShutdown().spans.droppedCounts == [:])
        late.end(Rig.span(1))
        late.add(Rig.event(0, in: nil))
        for _ in 0..<2 {
            #expect(rig.spans.sentCount == 1)
            #expect(rig.spans.droppedCounts == [.shutdown: 1])
            #expect(rig.logs.droppedCounts == [.shutdown: 1])
        }
        #expect(rig.metric("otlp_export_dropped_records_total", ["signal": "traces", "reason": "shutdown"]) == 1)
    }

    @Test("are told in the metrics though nobody asks for the counts any more, as is what comes after them")
    func unasked() throws {
        let registry = MetricsRegistry()
        do {
            let pipeline = try ExportPipeline(
                OTLPExportConfiguration(), OTLPResource(serviceName: "test"), ScriptedTransport(), registry,
                clock: ManualClock().clock, notify: nil)
            let late = try #require(InFlight(pipeline))
            pipeline.beginShutdown(until: 0)
            _ = pipeline.endShutdown()
            late.end(Rig.span(1))
            Rig.span(2).withView { pipeline.intake.end($0) }
            late.add(Rig.event(0, in: nil))
        }
        let dropped = registry.snapshot().first { $0.name == "otlp_export_dropped_records_total" }
        let counts = (dropped?.series ?? []).compactMap { series -> UInt64? in
            guard case .counter(let count) = series.value, count > 0 else { return nil }
            return count
        }
        #expect(counts.sorted() == [1, 2])
    }

    @Test("are log records where they are of a span that began as late")
    func openSpan() throws {
        let rig = try Rig()
        let late = try #require(InFlight(rig.pipeline))
        rig.pipeline.beginShutdown(until: rig.clock.now + 1_000_000_000)
        late.begin(Rig.context(1))
        late.add(Rig.event(0, in: Rig.context(1)))
        let report = rig.pipeline.endShutdown()
        #expect(report.logs.droppedCounts == [.shutdown: 1])
        #expect(rig.pipeline.drain.withLock { $0.openSpanCount } == 0)
    }
}
