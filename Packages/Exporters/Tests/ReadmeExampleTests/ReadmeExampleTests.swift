// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Testing
import VitrineLogWriters
import VitrineOTLP
import VitrineOTLPExport
import VitrineObservability
import VitrinePrometheus
import VitrinePrometheusEndpoint

func work() {
    withSpan("breakfast") {
        withSpan("boil egg", [Field("minutes", 4)]) { event("timer set", level: .debug) }
        withSpan("toast") { $0.setError("burnt") }
    }
}

/// A receiver that takes everything.
struct Taker: OTLPTransport {
    func send(
        _ signal: OTLPSignal, _ body: [UInt8], timeoutMilliseconds: UInt32
    ) throws(OTLPTransportError) -> OTLPResponse {
        OTLPResponse(statusCode: 200)
    }
}

@Suite("The README's example", .serialized)
struct ReadmeExampleTests {
    @Test("writes the tree to standard output")
    func tree() {
        let writer = TreeWriter()
        Telemetry.install(writer)
        work()
        Telemetry.uninstall()
        #expect(writer.losses.spanCount == 0)
    }

    @Test("writes lines for people and for programs")
    func lines() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "lines-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let rotation = FileRotation(maximumByteCount: 16 << 20, keptFileCount: 3)
        let file = try RotatingFileSink(path: path, rotation: rotation)
        Telemetry.install(
            FanOut(
                LineWriter(maximumLevel: .info),
                JSONLinesWriter(to: BufferedSink(file))
            ))
        work()
        Telemetry.flush()
        Telemetry.uninstall()
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.split(separator: "\n").count == 4)
        #expect(text.contains(#""span":"toast""#))
    }

    @Test("renders the counters")
    func counters() {
        let registry = MetricsRegistry()
        let meals = registry.counter("meals_total", help: "Meals served.", labels: [("kind", "breakfast")])
        meals.increment()
        print(PrometheusText.render(registry.snapshot()), terminator: "")
        #expect(meals.value == 1)
    }

    @Test("serves the counters")
    func endpoint() async throws {
        let registry = MetricsRegistry()
        var configuration = PrometheusEndpointConfiguration()
        configuration.port = 0
        configuration.checks = [HealthCheck("stove") { .ok }]
        let endpoint = try PrometheusEndpoint(registry, configuration: configuration)
        let serving = Task { try await endpoint.run() }
        print("http://127.0.0.1:\(try await endpoint.waitUntilBound())/metrics")
        #expect(try await endpoint.waitUntilBound() > 0)
        serving.cancel()
    }

    @Test("makes the body of a request")
    func request() throws {
        let registry = MetricsRegistry()
        registry.counter("meals_total", help: "Meals served.").increment()
        var encoder = try OTLPEncoder(resource: OTLPResource(serviceName: "kitchen"))
        var body: [UInt8] = []
        try encoder.appendMetrics(registry.snapshot(), from: registry.startTime, to: .now, into: &body)
        print("POST", OTLPSignal.metrics.path, OTLPSignal.contentType, body.count)
        #expect(String(decoding: body, as: UTF8.self).contains("meals_total"))
    }

    @Test("sends spans")
    func export() throws {
        let transport = Taker()
        let exporter = try OTLPExporter(resource: OTLPResource(serviceName: "kitchen"), transport: transport)
        Telemetry.install(exporter)
        work()
        let report = exporter.shutdown(withinMilliseconds: 5_000)
        Telemetry.uninstall()
        print("left behind:", report.unsentSpanCount, report.unsentLogRecordCount)
        #expect(report.spans.sentCount + report.spans.droppedCount == 3)
    }

    @Test("is the code of this file")
    func sameText() throws {
        let here = URL(filePath: #filePath)
        let readme = here.deletingLastPathComponent().appending(path: "../../README.md")
        let own = try String(contentsOf: here, encoding: .utf8)
        let blocks = try String(contentsOf: readme, encoding: .utf8).split(separator: "```swift\n").dropFirst()
        #expect(blocks.count >= 2)
        for block in blocks {
            let lines = (block.split(separator: "```").first ?? "").split(separator: "\n")
            for line in lines {
                let code = line.trimmingCharacters(in: .whitespaces)
                #expect(own.contains(code), "not in this file: \(code)")
            }
        }
    }
}
