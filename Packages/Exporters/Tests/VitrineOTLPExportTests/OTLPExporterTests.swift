// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Synchronization
import Testing
import VitrineOTLP
import VitrineObservability

@testable import VitrineOTLPExport

@Suite("OTLP exporter")
struct OTLPExporterTests {
    private func numbers(_ name: String, _ signal: OTLPSignal, _ transport: ScriptedTransport) -> [Int] {
        transport.requests.filter { $0.signal == signal }.flatMap { Rig.numbers(name, in: $0.body) }
    }

    @Test("sends what is emitted, on its own thread, when it is flushed")
    func flush() throws {
        let transport = ScriptedTransport()
        let exporter = try OTLPExporter(resource: OTLPResource(serviceName: "test"), transport: transport)
        Telemetry.withSubscriber(exporter) {
            withSpan("work") { event("log<1>") }
            event("log<2>")
        }
        exporter.flush()
        #expect(numbers("log", .traces, transport) == [1])
        #expect(numbers("log", .logs, transport) == [2])
        #expect(exporter.spanCounts.sentCount == 1)
        #expect(exporter.logRecordCounts.sentCount == 1)
        exporter.flush()
        #expect(transport.requests.count == 2)
    }

    @Test("sends what is left when it is shut down, and nothing after that")
    func shutdown() throws {
        let transport = ScriptedTransport()
        let exporter = try OTLPExporter(resource: OTLPResource(serviceName: "test"), transport: transport)
        Telemetry.withSubscriber(exporter) { event("log<1>") }
        let report = exporter.shutdown(withinMilliseconds: 600_000)
        #expect(report.unsentLogRecordCount == 0)
        #expect(report.logs.sentCount == 1)
        Telemetry.withSubscriber(exporter) { event("log<2>") }
        exporter.flush()
        #expect(numbers("log", .logs, transport) == [1])
        #expect(exporter.shutdown(withinMilliseconds: 600_000).logs.droppedCounts == [.shutdown: 1])
    }

    @Test("does not wait for a receiver that is down for longer than makes sense")
    func down() throws {
        let transport = ScriptedTransport(then: .status(503, retryAfter: "250"))
        let exporter = try OTLPExporter(resource: OTLPResource(serviceName: "test"), transport: transport)
        Telemetry.withSubscriber(exporter) { event("log<1>") }
        // Four minutes: the receiver wants more, so there is nothing to wait for.
        let report = exporter.shutdown(withinMilliseconds: 240_000)
        #expect(report.unsentLogRecordCount == 1)
        #expect(transport.requests.count == 1)
    }

    @Test("exports nothing that is emitted while it exports, be it by a transport, a notice or metrics")
    func loop() throws {
        let other = ScriptedTransport()
        let second = try OTLPExporter(resource: OTLPResource(serviceName: "test"), transport: other)
        let emit = { @Sendable in
            Telemetry.withSubscriber(second) { withSpan("work") { event("log<2>") } }
        }
        let transport = ScriptedTransport([.partial(0, "x")], whileSending: emit)
        let first = try OTLPExporter(
            resource: OTLPResource(serviceName: "test"), transport: transport, onNotice: { _ in emit() })
        Telemetry.withSubscriber(first) { event("log<1>") }
        first.flush()
        second.flush()
        #expect(transport.requests.count == 1)
        #expect(other.requests.isEmpty)
        #expect(second.spanCounts == OTLPExportCounts())
        #expect(second.logRecordCounts == OTLPExportCounts())
    }

    @Test("leaves spans out that are not sampled, of host and guest", arguments: [SpanOrigin.host, .guest])
    func sampling(origin: SpanOrigin) throws {
        let transport = ScriptedTransport()
        let exporter = try OTLPExporter(resource: OTLPResource(serviceName: "test"), transport: transport)
        Telemetry.withSubscriber(exporter) {
            for flags in [TraceFlags.sampled, []] {
                let span = SpanRecord(
                    context: Rig.context(1, flags: flags), parent: nil,
                    metadata: Metadata(name: "span<\(flags.rawValue)>", target: "test", level: .info, kind: .span),
                    origin: origin, start: .now, end: .now)
                Telemetry.spanDidEnd(span, wasWanted: Telemetry.spanDidStart(span))
            }
        }
        exporter.flush()
        #expect(numbers("span", .traces, transport) == [1])
        #expect(exporter.spanCounts.sentCount == 1)
    }

    @Test("sends every signal but the one whose receiver does not answer", arguments: OTLPSignal.allCases)
    func deaf(signal: OTLPSignal) throws {
        let transport = DeafTransport(to: signal)
        defer { transport.answer() }
        var configuration = OTLPExportConfiguration()
        configuration.spans.batchRecordCount = 1
        configuration.logs.batchRecordCount = 1
        configuration.metricsIntervalMilliseconds = 1
        let exporter = try OTLPExporter(
            resource: OTLPResource(serviceName: "test"), transport: transport, configuration: configuration,
            metricsSource: ScriptedMetrics(seriesCount: 5).source)
        func emit() {
            Telemetry.withSubscriber(exporter) {
                withSpan("work") {}
                event("log")
            }
        }
        let others = OTLPSignal.allCases.filter { $0 != signal }
        emit()
        #expect(transport.waitForRequest(signal))
        // Whatever comes now comes while that request is under way.
        emit()
        for other in others { #expect(transport.waitForRequest(other)) }
        let report = exporter.shutdown(withinMilliseconds: 500)
        #expect(report.spans.sentCount == (signal == .traces ? 0 : 2))
        #expect(report.unsentSpanCount == (signal == .traces ? 2 : 0))
        #expect(report.logs.sentCount == (signal == .logs ? 0 : 2))
        #expect(report.unsentLogRecordCount == (signal == .logs ? 2 : 0))
        #expect(report.isMissingLastMetrics == (signal == .metrics))
        #expect(report.unsentDataPointCount == (signal == .metrics ? 5 : 0))
    }

    @Test("a second shutdown leaves the first one its time, and tells what is so far")
    func secondShutdown() throws {
        let transport = DeafTransport(to: .traces)
        var configuration = OTLPExportConfiguration()
        configuration.spans.batchRecordCount = 1
        configuration.metricsIntervalMilliseconds = .max
        let exporter = try OTLPExporter(
            resource: OTLPResource(serviceName: "test"), transport: transport, configuration: configuration,
            metricsSource: ScriptedMetrics(seriesCount: 5).source)
        Telemetry.withSubscriber(exporter) { withSpan("work") {} }
        #expect(transport.waitForRequest(.traces))
        let first = Mutex<OTLPShutdownReport?>(nil)
        let thread = Thread {
            let report = exporter.shutdown(withinMilliseconds: 600_000)
            first.withLock { $0 = report }
        }
        thread.start()
        // The last metrics: the first shutdown has begun.
        #expect(transport.waitForRequest(.metrics))
        let second = exporter.shutdown(withinMilliseconds: 0)
        #expect(second.unsentSpanCount == 1)
        #expect(second.spans.droppedCounts == [:])
        #expect(first.withLock { $0 } == nil)
        transport.answer()
        let third = exporter.shutdown(withinMilliseconds: 600_000)
        #expect(third.unsentSpanCount == 0)
        #expect(third.spans.sentCount == 1)
        while !thread.isFinished { usleep(1_000) }
        #expect(first.withLock { $0?.spans.sentCount } == 1)
    }

    @Test("counts every record of many threads")
    func threads() async throws {
        let transport = ScriptedTransport()
        var configuration = OTLPExportConfiguration()
        configuration.spans.recordCount = 100
        configuration.spans.batchRecordCount = 10
        let exporter = try OTLPExporter(
            resource: OTLPResource(serviceName: "test"), transport: transport, configuration: configuration)
        await Telemetry.withSubscriber(exporter) {
            await withTaskGroup(of: Void.self) { group in
                for task in 0..<4 {
                    group.addTask { for number in 0..<500 { withSpan("span", [Field("n", task * 500 + number)]) {} } }
                }
            }
        }
        let report = exporter.shutdown(withinMilliseconds: 600_000)
        #expect(report.spans.sentCount + report.spans.droppedCount == 2_000)
        #expect(report.spans.droppedCounts[.queueFull] ?? 0 == report.spans.droppedCount)
        #expect(report.spans.heldCount == 0)
        #expect(report.spans.sentCount >= 100)
    }
}
