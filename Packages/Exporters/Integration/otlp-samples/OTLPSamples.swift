// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import VitrineOTLP
import VitrineOTLPExport
import VitrineOTLPHTTP
import VitrineObservability
import VitrineObservabilityTesting
import VitrinePrometheus

/// Sends known and hostile content to a receiver, each sample in requests of its own, and writes down what it was.
///
/// `otlp-samples FOLDER URL [gzip]` leaves in the folder, for each sample, what was emitted (`NAME.truth.json`) and its
/// metrics for Prometheus (`NAME.text`, `NAME.openmetrics`). It prints a line of JSON for each: what became of the records
/// and what the exporter had to say. `just test-integration` reads all of it.
@main
struct OTLPSamples {
    private let folder: URL
    private let transport: any OTLPTransport

    static func main() {
        do {
            let arguments = CommandLine.arguments.dropFirst()
            guard (2...3).contains(arguments.count), arguments.dropFirst(2).allSatisfy({ $0 == "gzip" }) else {
                FileHandle.standardError.write(Data("usage: otlp-samples FOLDER URL [gzip]\n".utf8))
                exit(2)
            }
            let transport = try transport(to: arguments[2], isCompressed: arguments.count == 3)
            defer { transport.shutdown() }
            let samples = OTLPSamples(folder: URL(filePath: arguments[1]), transport: transport)
            for sample in Sample.all { try samples.send(sample) }
        } catch {
            FileHandle.standardError.write(Data("otlp-samples: \(error)\n".utf8))
            exit(1)
        }
    }

    private static func transport(to url: String, isCompressed: Bool) throws -> OTLPHTTPTransport {
        var configuration = try OTLPHTTPConfiguration(endpoint: url)
        if isCompressed {
            configuration.traces.compression = .gzip
            configuration.metrics.compression = .gzip
            configuration.logs.compression = .gzip
        }
        return try OTLPHTTPTransport(configuration)
    }

    private func send(_ sample: Sample) throws {
        let memory = InMemorySubscriber()
        let notices = Notices()
        let resource = OTLPResource([
            Field("service.name", sample.serviceName), Field("service.instance.id", "1"), Field("host.cpus", 2),
        ])
        let exporter = try OTLPExporter(
            resource: resource, transport: transport, configuration: Self.configuration(sample),
            onNotice: { notices.append("\($0)") })
        let registry = MetricsRegistry(keepsExemplars: true)
        Telemetry.withSubscriber(FanOut(memory, exporter)) {
            sample.emit()
            sample.count(registry)
        }
        let report = exporter.shutdown(withinMilliseconds: Self.patienceMilliseconds)

        let families = registry.snapshot() + sample.families
        let time = Timestamp.now
        var status = 0
        if !families.isEmpty {
            var encoder = try OTLPEncoder(resource: resource, limits: sample.limits)
            var body: [UInt8] = []
            try encoder.appendMetrics(families, from: registry.startTime, to: time, into: &body)
            status = try transport.send(.metrics, body, timeoutMilliseconds: Self.patienceMilliseconds).statusCode
        }

        let line: JSON = [
            "name": .string(sample.name), "notices": .array(notices.all.map { .string($0) }),
            "spans": Self.counts(report.spans), "logs": Self.counts(report.logs),
            "metrics_status": .integer(status),
        ]
        FileHandle.standardOutput.write(Data(line.bytes + [UInt8(ascii: "\n")]))
        let truth = Truth(
            sample: sample, memory: memory, families: families, registryStart: registry.startTime, snapshotTime: time)
        try write(truth.json.bytes, sample, "truth.json")
        guard !families.isEmpty else { return }
        let target = PrometheusTarget(resource.fields)
        for (format, ending) in [(PrometheusFormat.text, "text"), (.openMetrics, "openmetrics")] {
            try write(Array(PrometheusText.render(families, as: format, target: target).utf8), sample, ending)
        }
    }

    /// A last resort: a receiver on a busy machine may take its time, and is not sent the same twice.
    private static let patienceMilliseconds: UInt32 = 300_000

    /// The defaults, but for room: here it is the receivers that are tried, not the queues.
    private static func configuration(_ sample: Sample) -> OTLPExportConfiguration {
        var configuration = OTLPExportConfiguration()
        configuration.spans.recordCount = 1 << 20
        configuration.spans.byteCount = 1 << 30
        configuration.logs.byteCount = 1 << 30
        configuration.openSpans.byteCount = 1 << 30
        configuration.requestTimeoutMilliseconds = patienceMilliseconds
        configuration.retry.maximumElapsedMilliseconds = 10_000
        configuration.encoding = sample.limits
        return configuration
    }

    private static func counts(_ counts: OTLPExportCounts) -> JSON {
        let dropped = counts.droppedCounts.filter { $0.value > 0 }.sorted { $0.key.rawValue < $1.key.rawValue }
        return [
            "sent": .integer(counts.sentCount),
            "dropped": .object(dropped.map { ($0.key.rawValue, .integer($0.value)) }),
            "retries": .integer(counts.retryCount),
        ]
    }

    private func write(_ bytes: [UInt8], _ sample: Sample, _ ending: String) throws {
        try Data(bytes).write(to: folder.appending(path: "\(sample.name).\(ending)"))
    }
}
