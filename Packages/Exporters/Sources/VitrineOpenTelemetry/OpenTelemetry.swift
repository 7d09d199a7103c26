// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Synchronization
public import VitrineOTLP
public import VitrineOTLPExport
public import VitrineObservability

/// Telemetry of this process on its way to a receiver: a subscriber to be installed, and metrics sent periodically.
///
///     let telemetry = try OpenTelemetry.start(OpenTelemetryConfiguration(environment: environment), metrics: registry)
///     telemetry.install()
///     …
///     let report = telemetry.shutdown()
///
/// It is a `Service` too: in a service group it waits for the end of the program and shuts down by itself.
public final class OpenTelemetry: Sendable {
    /// What it was started with.
    public let configuration: OpenTelemetryConfiguration
    /// Who sends, as receivers are told.
    public let resource: OTLPResource
    /// What sends; nil if telemetry is disabled, or no signal is left to be sent.
    public let exporter: OTLPExporter?

    private let onShutdown: (@Sendable (OTLPShutdownReport) -> Void)?

    private init(
        _ configuration: OpenTelemetryConfiguration, _ resource: OTLPResource, _ exporter: OTLPExporter?,
        onShutdown: (@Sendable (OTLPShutdownReport) -> Void)?
    ) {
        self.configuration = configuration
        self.resource = resource
        self.exporter = exporter
        self.onShutdown = onShutdown
    }

    /// Starts sending over a transport of the caller's.
    ///
    /// Nothing is made if the configuration is disabled. Installs nothing.
    ///
    /// - Parameters:
    ///   - configuration: what is sent, and how.
    ///   - metrics: a registry whose metrics are sent periodically, and in which the exporter counts its own `otlp_export_…`.
    ///   - transport: makes the way to the receiver; only called if something is to be sent.
    ///   - onNotice: told what is noteworthy on the way; must not call the exporter.
    ///   - onShutdown: told what could not be sent, once, when all is over.
    public static func start(
        _ configuration: OpenTelemetryConfiguration,
        metrics: MetricsRegistry? = nil,
        transport: () -> any OTLPTransport,
        onNotice: (@Sendable (OTLPExportNotice) -> Void)? = nil,
        onShutdown: (@Sendable (OTLPShutdownReport) -> Void)? = nil
    ) throws(OpenTelemetryError) -> OpenTelemetry {
        let resource = DetectedResource.resource(
            configuration.resourceAttributes, detecting: configuration.detectsResource)
        guard !configuration.isDisabled else {
            return OpenTelemetry(configuration, resource, nil, onShutdown: onShutdown)
        }
        do throws(OTLPExporterError) {
            let exporter = try OTLPExporter(
                resource: resource, transport: transport(), configuration: configuration.export,
                metrics: metrics ?? NoOpMetricsRecorder(), metricsSource: metrics.map { OTLPMetricsSource($0) },
                onNotice: onNotice)
            return OpenTelemetry(configuration, resource, exporter, onShutdown: onShutdown)
        } catch {
            throw .exporter(error)
        }
    }

    /// Installs the subscriber and the sampler for the process; nothing if telemetry is disabled.
    public func install() {
        guard let exporter else { return }
        Telemetry.install(sampler: configuration.sampler)
        Telemetry.install(exporter)
    }

    /// Sends what has come so far, as `OTLPExporter.flush()`.
    public func flush() { exporter?.flush() }

    /// Takes in nothing more, sends what is left within the configured time, and says what could not be sent; nil if there
    /// was nothing to shut down.
    ///
    /// Blocks the calling thread. Calls after the first have nothing left to send.
    @discardableResult
    public func shutdown() -> OTLPShutdownReport? {
        guard let exporter else { return nil }
        let report = exporter.shutdown(withinMilliseconds: configuration.shutdownTimeoutMilliseconds)
        onShutdown?(report)
        return report
    }
}

/// Why telemetry could not be started.
public enum OpenTelemetryError: Error, Sendable, Hashable {
    /// There is no exporter.
    case exporter(OTLPExporterError)
}
