// SPDX-License-Identifier: MIT OR Apache-2.0

import Dispatch
import Synchronization
import Testing
import VitrineOTLP
import VitrineOTLPExport
import VitrineOTLPHTTP
import VitrineObservability

@testable import VitrineOpenTelemetry

@Suite("OpenTelemetry")
struct OpenTelemetryTests {
    /// Enough for any machine: it ends when all is sent, and nothing is sent but on demand.
    static let patient: OpenTelemetryConfiguration = {
        var configuration = OpenTelemetryConfiguration()
        configuration.export.spans.delayMilliseconds = 3_600_000
        configuration.export.logs.delayMilliseconds = 3_600_000
        configuration.export.metricsIntervalMilliseconds = 3_600_000
        configuration.export.flushTimeoutMilliseconds = 600_000
        configuration.serviceName = "kitchen"
        configuration.shutdownTimeoutMilliseconds = 600_000
        return configuration
    }()

    @Test("sends spans, log records and metrics, and says that nothing is left")
    func everything() throws {
        let registry = MetricsRegistry()
        registry.counter("meals_total", help: "Meals served.").increment()
        let transport = KeepingTransport()
        let reports = Mutex<[OTLPShutdownReport]>([])
        let telemetry = try OpenTelemetry.start(
            Self.patient, metrics: registry, transport: transport,
            onShutdown: { report in reports.withLock { $0.append(report) } })
        let exporter = try #require(telemetry.exporter)
        Telemetry.withSubscriber(exporter) {
            withSpan("breakfast") {}
            event("toast is ready")
        }
        telemetry.flush()
        #expect(transport.texts(.traces).count { $0.contains("breakfast") && $0.contains("kitchen") } == 1)
        #expect(transport.texts(.logs).count { $0.contains("toast is ready") } == 1)
        #expect(transport.texts(.metrics).count { $0.contains("meals_total") } == 1)
        let report = try #require(telemetry.shutdown())
        #expect(report.unsentSpanCount == 0)
        #expect(!report.isMissingLastMetrics)
        // The last collection has what the exporter itself counted by then.
        #expect(transport.texts(.metrics).last?.contains("otlp_export_sent_records_total") == true)
        _ = telemetry.shutdown()
        #expect(reports.withLock { $0 } == [report])
    }

    @Test("sends no signal that is off", arguments: OTLPSignal.allCases)
    func off(signal: OTLPSignal) throws {
        var configuration = Self.patient
        configuration.export.signals = [signal]
        let registry = MetricsRegistry()
        registry.counter("meals_total", help: "Meals served.").increment()
        let transport = KeepingTransport()
        let telemetry = try OpenTelemetry.start(configuration, metrics: registry, transport: transport)
        let exporter = try #require(telemetry.exporter)
        Telemetry.withSubscriber(exporter) {
            withSpan("breakfast") { event("toast is ready") }
            event("tea is ready")
        }
        telemetry.shutdown()
        for other in OTLPSignal.allCases {
            #expect(transport.texts(other).count == (other == signal ? 1 : 0))
        }
        // Without spans, their events are log records; without log records, they go with their spans alone.
        if signal != .metrics { #expect(transport.texts(signal).first?.contains("toast is ready") == true) }
        if signal == .logs { #expect(transport.texts(.logs).first?.contains("tea is ready") == true) }
    }

    @Test("makes nothing if it is disabled or has nothing to send")
    func disabled() throws {
        var disabled = OpenTelemetryConfiguration()
        disabled.isDisabled = true
        // Nobody looks at it.
        disabled.receivers.traces.url = "nonsense"
        var empty = OpenTelemetryConfiguration()
        empty.export.signals = []
        var metricsOnly = OpenTelemetryConfiguration()
        metricsOnly.export.signals = [.metrics]
        for (configuration, metrics) in [(disabled, MetricsRegistry()), (empty, MetricsRegistry()), (metricsOnly, nil)]
        {
            let transport = KeepingTransport()
            let told = Mutex(false)
            for telemetry in [
                try OpenTelemetry.start(
                    configuration, metrics: metrics, onShutdown: { _ in told.withLock { $0 = true } }),
                try OpenTelemetry.start(configuration, metrics: metrics, transport: transport),
            ] {
                #expect(telemetry.exporter == nil)
                telemetry.install()
                telemetry.flush()
                #expect(telemetry.shutdown() == nil)
            }
            #expect(transport.requestCount == 0)
            #expect(!told.withLock { $0 })
            #expect(metrics?.snapshot().isEmpty != false)
        }
    }

    @Test("says what it could not send to nobody")
    func nobody() throws {
        var configuration = OpenTelemetryConfiguration()
        configuration.receivers = try OTLPHTTPConfiguration(endpoint: "http://127.0.0.1:1")
        configuration.shutdownTimeoutMilliseconds = 500
        let notices = Mutex<[OTLPExportNotice]>([])
        let telemetry = try OpenTelemetry.start(
            configuration, onNotice: { notice in notices.withLock { $0.append(notice) } })
        let exporter = try #require(telemetry.exporter)
        Telemetry.withSubscriber(exporter) { withSpan("breakfast") {} }
        let report = try #require(telemetry.shutdown())
        #expect(report.unsentSpanCount == 1)
        #expect(report.spans.droppedCounts == [.shutdown: 1])
    }

    @Test("tells what the first of many shutdowns at once could not send")
    func concurrentShutdown() throws {
        var configuration = OpenTelemetryConfiguration()
        configuration.shutdownTimeoutMilliseconds = 3
        for _ in 0..<50 {
            let transport = KeepingTransport(.failure(.connection(reason: "refused")))
            let reports = Mutex<[OTLPShutdownReport]>([])
            let telemetry = try OpenTelemetry.start(
                configuration, transport: transport, onShutdown: { report in reports.withLock { $0.append(report) } })
            let exporter = try #require(telemetry.exporter)
            Telemetry.withSubscriber(exporter) { withSpan("breakfast") {} }
            DispatchQueue.concurrentPerform(iterations: 4) { _ in telemetry.shutdown() }
            #expect(reports.withLock { $0.map(\.unsentSpanCount) } == [1])
        }
    }

    @Test("names the variable of a file that cannot be used")
    func variables() throws {
        let folder = "/nowhere/at all"
        let environments = [
            ["OTEL_EXPORTER_OTLP_CERTIFICATE": "\(folder)/a.pem"],
            ["OTEL_EXPORTER_OTLP_LOGS_CERTIFICATE": "\(folder)/a.pem"],
            ["OTEL_EXPORTER_OTLP_METRICS_CLIENT_CERTIFICATE": "\(folder)/a.pem"],
            ["OTEL_EXPORTER_OTLP_CLIENT_KEY": "\(folder)/a.pem"],
        ]
        for environment in environments {
            var configuration = try OpenTelemetryConfiguration(
                environment: environment.merging(["OTEL_EXPORTER_OTLP_ENDPOINT": "https://host"]) { $1 })
            let error = try #require(throws: OpenTelemetryError.self) {
                try OpenTelemetry.start(configuration, metrics: MetricsRegistry())
            }
            let name = try #require(environment.keys.first)
            #expect(error.description.hasPrefix("\(name): the file \"\(folder)/a.pem\" "))
            // What the code says afterwards is the code's.
            configuration.receivers.forAllSignals { $0.tls = OTLPTLS(rootCertificatesFile: "/nowhere/b.pem") }
            let other = try #require(throws: OpenTelemetryError.self) { try OpenTelemetry.start(configuration) }
            #expect(other.description.hasPrefix("the file \"/nowhere/b.pem\" "))
        }
    }

    @Test("is not started with what a transport refuses")
    func refused() throws {
        var address = OpenTelemetryConfiguration()
        address.receivers.logs.url = "host"
        #expect(throws: OpenTelemetryError.transport(.url("host", .scheme))) { try OpenTelemetry.start(address) }
        var file = OpenTelemetryConfiguration()
        file.receivers.logs.url = "https://host"
        file.receivers.logs.tls.rootCertificatesFile = "/nowhere/at all.pem"
        let error = try #require(throws: OpenTelemetryError.self) { try OpenTelemetry.start(file) }
        #expect(error.description.contains("/nowhere/at all.pem"))
        #expect(error.description.split(separator: "\n").count == 1)
    }
}
