// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import Testing
import VitrineOTLP
import VitrineOTLPExport
import VitrineOTLPHTTP
import VitrineObservability

@testable import VitrineOpenTelemetry

@Suite("OpenTelemetry")
struct OpenTelemetryTests {
    /// Enough for any machine: it ends when all is sent.
    static let patient: OpenTelemetryConfiguration = {
        var configuration = OpenTelemetryConfiguration()
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
