// SPDX-License-Identifier: MIT OR Apache-2.0

/// What is sent in one request: each signal has requests and a path of its own.
public enum OTLPSignal: Sendable, Hashable, CaseIterable {
    /// Spans with their events and links.
    case traces
    /// Data points of metrics.
    case metrics
    /// Log records.
    case logs

    /// The path that OTLP over HTTP gives the signal, behind the address of the receiver.
    ///
    /// https://opentelemetry.io/docs/specs/otlp/#otlphttp-request
    public var path: String {
        switch self {
        case .traces: "/v1/traces"
        case .metrics: "/v1/metrics"
        case .logs: "/v1/logs"
        }
    }

    /// The media type of requests and answers.
    public static let contentType = "application/x-protobuf"
}
