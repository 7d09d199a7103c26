// SPDX-License-Identifier: MIT OR Apache-2.0

internal import VitrineOTLP

/// Where a transport sends to: a target for each signal.
public struct OTLPHTTPConfiguration: Sendable {
    /// Where spans go.
    public var traces: OTLPHTTPTarget
    /// Where metrics go.
    public var metrics: OTLPHTTPTarget
    /// Where log records go.
    public var logs: OTLPHTTPTarget

    /// One receiver for all signals: `/v1/traces`, `/v1/metrics` and `/v1/logs` are appended to its address.
    ///
    /// https://opentelemetry.io/docs/specs/otel/protocol/exporter/#endpoint-urls-for-otlphttp
    ///
    /// - Parameter endpoint: the receiver's address, with the path that the others are below, if there is one.
    public init(endpoint: String = "http://localhost:4318") throws(OTLPHTTPError) {
        let base = try ReceiverURL(endpoint)
        traces = OTLPHTTPTarget(url: try base.appending(OTLPSignal.traces.path))
        metrics = OTLPHTTPTarget(url: try base.appending(OTLPSignal.metrics.path))
        logs = OTLPHTTPTarget(url: try base.appending(OTLPSignal.logs.path))
    }

    /// A target for each signal.
    public init(traces: OTLPHTTPTarget, metrics: OTLPHTTPTarget, logs: OTLPHTTPTarget) {
        self.traces = traces
        self.metrics = metrics
        self.logs = logs
    }

    /// Changes all targets in the same way.
    public mutating func forAllSignals(_ change: (inout OTLPHTTPTarget) -> Void) {
        change(&traces)
        change(&metrics)
        change(&logs)
    }
}
