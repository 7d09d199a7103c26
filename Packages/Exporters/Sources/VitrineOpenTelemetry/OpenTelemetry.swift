// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Synchronization
public import VitrineOTLP
public import VitrineOTLPExport
internal import VitrineOTLPHTTP
public import VitrineObservability

/// Telemetry of this process on its way to receivers: a subscriber to be installed, and metrics sent periodically.
///
///     let configuration = try OpenTelemetryConfiguration(environment: ProcessInfo.processInfo.environment)
///     let telemetry = try OpenTelemetry.start(configuration, metrics: registry)
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
    /// The subscriber that sends, to be installed alone, filtered, or with others in a `FanOut`; nil if telemetry is disabled or no
    /// signal is left to be sent.
    public let exporter: OTLPExporter?

    private let transport: OTLPHTTPTransport?
    private let onShutdown: (@Sendable (OTLPShutdownReport) -> Void)?
    /// Whether it was shut down. Held while that is done, so that no other call closes connections in use.
    private let wasShutDown = Mutex(false)

    private init(
        _ configuration: OpenTelemetryConfiguration, _ resource: OTLPResource, _ exporter: OTLPExporter?,
        _ transport: OTLPHTTPTransport?, _ onShutdown: (@Sendable (OTLPShutdownReport) -> Void)?
    ) {
        self.configuration = configuration
        self.resource = resource
        self.exporter = exporter
        self.transport = transport
        self.onShutdown = onShutdown
    }

    /// Starts sending over HTTP to the configured receivers. Installs nothing.
    ///
    /// Makes nothing, no thread and no connection, if the configuration is disabled or has no signal to send.
    ///
    /// - Parameters:
    ///   - configuration: what is sent, to whom, and how.
    ///   - metrics: a registry whose metrics are sent periodically, and in which the exporter counts its own `otlp_export_…`.
    ///   - onNotice: told on the exporter's threads, by several at once, what is noteworthy; must not call back.
    ///   - onShutdown: told what could not be sent, once, by the first `shutdown()`.
    public static func start(
        _ configuration: OpenTelemetryConfiguration = OpenTelemetryConfiguration(),
        metrics: MetricsRegistry? = nil,
        onNotice: (@Sendable (OTLPExportNotice) -> Void)? = nil,
        onShutdown: (@Sendable (OTLPShutdownReport) -> Void)? = nil
    ) throws(OpenTelemetryError) -> OpenTelemetry {
        guard isNeeded(configuration, metrics) else { return nothing(configuration, onShutdown) }
        let transport: OTLPHTTPTransport
        do throws(OTLPHTTPError) { transport = try OTLPHTTPTransport(configuration.receivers) } catch {
            throw OpenTelemetryError(error, of: configuration)
        }
        return try start(configuration, metrics, transport, transport, onNotice, onShutdown)
    }

    /// Starts sending over a transport of the caller's; `receivers` of the configuration are not looked at.
    public static func start(
        _ configuration: OpenTelemetryConfiguration = OpenTelemetryConfiguration(),
        metrics: MetricsRegistry? = nil,
        transport: any OTLPTransport,
        onNotice: (@Sendable (OTLPExportNotice) -> Void)? = nil,
        onShutdown: (@Sendable (OTLPShutdownReport) -> Void)? = nil
    ) throws(OpenTelemetryError) -> OpenTelemetry {
        guard isNeeded(configuration, metrics) else { return nothing(configuration, onShutdown) }
        return try start(configuration, metrics, transport, nil, onNotice, onShutdown)
    }

    private static func start(
        _ configuration: OpenTelemetryConfiguration, _ metrics: MetricsRegistry?, _ transport: any OTLPTransport,
        _ ownTransport: OTLPHTTPTransport?, _ onNotice: (@Sendable (OTLPExportNotice) -> Void)?,
        _ onShutdown: (@Sendable (OTLPShutdownReport) -> Void)?
    ) throws(OpenTelemetryError) -> OpenTelemetry {
        let resource = resource(configuration)
        do throws(OTLPExporterError) {
            let exporter = try OTLPExporter(
                resource: resource, transport: transport, configuration: configuration.export,
                metrics: metrics ?? NoOpMetricsRecorder(), metricsSource: metrics.map { OTLPMetricsSource($0) },
                onNotice: onNotice)
            return OpenTelemetry(configuration, resource, exporter, ownTransport, onShutdown)
        } catch {
            throw .exporter(error)
        }
    }

    private static func isNeeded(_ configuration: OpenTelemetryConfiguration, _ metrics: MetricsRegistry?) -> Bool {
        let signals = configuration.export.signals.subtracting(metrics == nil ? [.metrics] : [])
        return !configuration.isDisabled && !signals.isEmpty
    }

    private static func nothing(
        _ configuration: OpenTelemetryConfiguration, _ onShutdown: (@Sendable (OTLPShutdownReport) -> Void)?
    ) -> OpenTelemetry {
        OpenTelemetry(configuration, resource(configuration), nil, nil, onShutdown)
    }

    private static func resource(_ configuration: OpenTelemetryConfiguration) -> OTLPResource {
        DetectedResource.resource(configuration.resourceAttributes, detecting: configuration.detectsResource)
    }

    /// Installs the sampler and the exporter for the process; nothing if there is no exporter.
    ///
    /// What was installed before is replaced. Who wants more subscribers installs `exporter` in a `FanOut`.
    public func install() {
        guard let exporter else { return }
        Telemetry.install(sampler: configuration.sampler)
        Telemetry.install(exporter)
    }

    /// Sends what has come so far, metrics included, and waits for that: `OTLPExporter.flush()`.
    public func flush() { exporter?.flush() }

    /// Takes in nothing more, sends what is left within the configured time, closes all connections, and says what could not
    /// be sent; nil if there is no exporter.
    ///
    /// Blocks the calling thread for that time and a second at most. Calls after the first wait for its end and have nothing
    /// left to send. The subscriber stays where it was installed, and counts what comes. In a child made by `fork` nothing
    /// happens.
    @discardableResult
    public func shutdown() -> OTLPShutdownReport? {
        guard let exporter else { return nil }
        // The connections are the parent's, and its threads are not here.
        if exporter.isInherited { return exporter.shutdown(withinMilliseconds: 0) }
        let (report, isFirst) = wasShutDown.withLock { wasShutDown in
            let time = wasShutDown ? 0 : configuration.shutdownTimeoutMilliseconds
            let report = exporter.shutdown(withinMilliseconds: time)
            transport?.shutdown()
            defer { wasShutDown = true }
            return (report, !wasShutDown)
        }
        if isFirst { onShutdown?(report) }
        return report
    }
}
