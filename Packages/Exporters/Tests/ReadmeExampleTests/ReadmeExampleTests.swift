// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Synchronization
import Testing
import VitrineLogWriters
import VitrineOTLP
import VitrineOTLPExport
import VitrineOTLPHTTP
import VitrineOTLPSpool
import VitrineObservability
import VitrineOpenTelemetry
import VitrinePrometheus
import VitrinePrometheusEndpoint
import VitrineTimelines

func work() {
    withSpan("breakfast") {
        withSpan("boil egg", [Field("minutes", 4)]) { event("timer set", level: .debug) }
        withSpan("toast") { $0.setError("burnt") }
    }
}

/// Appends each request to the file of its signal: its length in four bytes, the most significant first, and itself.
final class FolderTransport: OTLPTransport {
    private let folder: URL
    /// Held while a file is written, so that no request gets into the middle of another: what is found in a spool goes out
    /// beside what is new of its signal. Whoever waits for a network holds no lock meanwhile.
    private let turn = Mutex(())

    init(folder: URL) { self.folder = folder }

    func send(
        _ signal: OTLPSignal, _ body: [UInt8], timeoutMilliseconds: UInt32
    ) throws(OTLPTransportError) -> OTLPResponse {
        let url = folder.appending(path: "\(signal).binpb")
        let length = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: body.count >> $0) }
        do {
            try turn.withLock { _ in
                if !FileManager.default.fileExists(atPath: url.path) { try Data().write(to: url) }
                let file = try FileHandle(forWritingTo: url)
                defer { try? file.close() }
                try file.seekToEnd()
                try file.write(contentsOf: length + body)
            }
            return OTLPResponse(statusCode: 200)
        } catch {
            // The exporter keeps the records and tries again.
            throw .connection(reason: "\(url.path): \(error)")
        }
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

    @Test("writes a timeline")
    func timeline() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "timeline-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let registry = MetricsRegistry()
        registry.counter("meals_total", help: "Meals served.").increment()
        let timeline = try PerfettoTraceWriter(path: path)
        Telemetry.install(timeline)
        work()
        Telemetry.uninstall()
        timeline.record(registry.snapshot())
        timeline.close()
        let data = try Data(contentsOf: URL(filePath: path))
        for text in ["boil egg", "burnt", "meals_total"] { #expect(data.range(of: Data(text.utf8)) != nil) }
        #expect(timeline.losses == TimelineLosses())
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

    @Test("sends spans, or says that nobody was there")
    func export() throws {
        let transport = try OTLPHTTPTransport(OTLPHTTPConfiguration(endpoint: "http://localhost:4318"))
        let exporter = try OTLPExporter(resource: OTLPResource(serviceName: "kitchen"), transport: transport)
        Telemetry.install(exporter)
        work()
        let report = exporter.shutdown(withinMilliseconds: 2_000)
        transport.shutdown()
        Telemetry.uninstall()
        print("left behind:", report.unsentSpanCount, report.unsentLogRecordCount)
        #expect(report.spans.sentCount + report.spans.droppedCount == 3)
    }

    @Test("sets a transport up")
    func setUp() throws {
        var configuration = try OTLPHTTPConfiguration(endpoint: "https://otlp.example.com/team")
        configuration.forAllSignals { target in
            target.headers = [(name: "Authorization", value: "Bearer abc")]
            target.compression = .gzip
            target.tls.rootCertificatesFile = "/etc/kitchen/root.pem"
        }
        configuration.logs.url = "https://logs.example.com/otlp/v1/logs"
        #expect(configuration.traces.url == "https://otlp.example.com/team/v1/traces")
        #expect(throws: OTLPHTTPError.tlsFile(path: "/etc/kitchen/root.pem", .unreadable(code: 2))) {
            try OTLPHTTPTransport(configuration)
        }
    }

    @Test("brings spans into a file by a transport of its own")
    func ownTransport() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "requests-\(UUID().uuidString)")
        let transport = FolderTransport(folder: folder)
        // No folder, no file: the exporter is told why.
        #expect(throws: OTLPTransportError.self) { try transport.send(.logs, [1], timeoutMilliseconds: 1_000) }
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: false)
        defer { try? FileManager.default.removeItem(at: folder) }
        let exporter = try OTLPExporter(resource: OTLPResource(serviceName: "kitchen"), transport: transport)
        for _ in 0..<2 {
            Telemetry.install(exporter)
            work()
            Telemetry.uninstall()
            exporter.flush()
        }
        #expect(exporter.shutdown(withinMilliseconds: 60_000).spans.sentCount == 6)
        var bytes = [UInt8](try Data(contentsOf: folder.appending(path: "traces.binpb")))[...]
        var requestCount = 0
        while !bytes.isEmpty {
            let length = bytes.prefix(4).reduce(0) { $0 << 8 | Int($1) }
            let request = bytes.dropFirst(4).prefix(length)
            try #require(request.count == length)
            #expect(String(decoding: request, as: UTF8.self).contains("boil egg"))
            bytes = bytes.dropFirst(4 + length)
            requestCount += 1
        }
        #expect(requestCount == 2)
    }

    @Test("leaves to a later process what it cannot send")
    func spool() throws {
        let folder = NSTemporaryDirectory() + "vitrine-readme-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let resource = OTLPResource(serviceName: "kitchen")
        let transport = FolderTransport(folder: FileManager.default.temporaryDirectory)
        let spool = try OTLPSpool(path: folder)
        let exporter = try OTLPExporter(resource: resource, transport: transport, spool: spool)
        #expect(exporter.shutdown(withinMilliseconds: 1_000).spooledSpanCount == 0)
        #expect(FileManager.default.fileExists(atPath: folder))
    }

    @Test("sends metrics periodically, and at the end")
    func periodicMetrics() throws {
        let registry = MetricsRegistry()
        let folder = FileManager.default.temporaryDirectory.appending(path: "metrics-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let transport = FolderTransport(folder: folder)
        let exporter = try OTLPExporter(
            resource: OTLPResource(serviceName: "kitchen"), transport: transport, metrics: registry,
            metricsSource: OTLPMetricsSource(registry))
        #expect(!exporter.shutdown(withinMilliseconds: 600_000).isMissingLastMetrics)
        let file = try Data(contentsOf: folder.appending(path: "metrics.binpb"))
        #expect(String(decoding: file, as: UTF8.self).contains("otlp_export_held_records"))
    }

    @Test("sends what the environment says, or says that nobody was there")
    func environment() throws {
        let registry = MetricsRegistry()
        var configuration = OpenTelemetryConfiguration()
        configuration.serviceName = "kitchen"
        try configuration.apply(environment: ProcessInfo.processInfo.environment)
        configuration.shutdownTimeoutMilliseconds = 500
        let telemetry = try OpenTelemetry.start(configuration, metrics: registry)
        telemetry.install()
        work()
        if let report = telemetry.shutdown() { print("left behind:", report.unsentSpanCount) }
        Telemetry.uninstall()
        let counts = telemetry.exporter?.spanCounts
        #expect(counts.map { $0.sentCount + $0.droppedCount } == 3 || configuration.isDisabled)
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
