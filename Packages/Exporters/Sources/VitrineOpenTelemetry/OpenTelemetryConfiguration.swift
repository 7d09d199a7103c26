// SPDX-License-Identifier: MIT OR Apache-2.0

public import VitrineOTLPExport
public import VitrineOTLPHTTP
public import VitrineObservability

/// All that can be said about sending telemetry to a receiver of OpenTelemetry's protocol.
///
/// Who speaks last is heard: settings in code before `apply(environment:)` are defaults that variables override, settings
/// after it stand whatever the environment says.
///
///     var configuration = OpenTelemetryConfiguration()
///     configuration.serviceName = "kitchen"
///     try configuration.apply(environment: ProcessInfo.processInfo.environment)
public struct OpenTelemetryConfiguration: Sendable {
    /// Whether nothing at all is made: no thread, no connection, no subscriber.
    public var isDisabled = false
    /// The attributes of the resource. Those of the process that are not among them are found out:
    /// `service.name` (`unknown_service:NAME`), `service.instance.id`, `telemetry.sdk.…`, `process.pid`,
    /// `process.executable.name` and `host.name`.
    public var resourceAttributes: [Field] = []
    /// Whether they are. `service.name` always is, as receivers want one.
    public var detectsResource = true
    /// Which traces that begin here are sampled.
    public var sampler = Sampler.default
    /// Signals, queues, times, retries and limits.
    public var export = OTLPExportConfiguration()
    /// Where signals go: `http://localhost:4318`, not compressed.
    public var receivers = OTLPHTTPConfiguration(
        traces: OTLPHTTPTarget(url: "http://localhost:4318/v1/traces"),
        metrics: OTLPHTTPTarget(url: "http://localhost:4318/v1/metrics"),
        logs: OTLPHTTPTarget(url: "http://localhost:4318/v1/logs"))
    /// How long a shutdown may take, in milliseconds.
    public var shutdownTimeoutMilliseconds: UInt32 = 5_000

    /// The variables of OpenTelemetry's, by name, that the environment has and nobody here knows, as of the last `apply`.
    /// For a notice: they do no harm.
    public internal(set) var ignoredVariables: [String] = []

    /// The variables that name files of TLS, by path.
    var tlsVariables: [String: String] = [:]

    /// The defaults, whatever the environment says.
    public init() {}

    /// The defaults, and what variables say.
    ///
    /// - Parameter environment: all variables by name, as `ProcessInfo.processInfo.environment` gives them.
    public init(environment: [String: String]) throws(OpenTelemetryConfigurationError) {
        try apply(environment: environment)
    }

    /// The attribute `service.name` of the resource; nil if nothing is said.
    public var serviceName: String? {
        get {
            guard case .string(let name)? = resourceAttributes.last(where: { $0.key == "service.name" })?.value else {
                return nil
            }
            return name
        }
        set {
            resourceAttributes.removeAll { $0.key == "service.name" }
            if let newValue { resourceAttributes.append(Field("service.name", newValue)) }
        }
    }
}
