// SPDX-License-Identifier: MIT OR Apache-2.0

/// A text format that Prometheus and its relatives read.
public enum PrometheusFormat: Sendable, Hashable, CaseIterable {
    /// The Prometheus text format, version 0.0.4: what everybody reads.
    case text
    /// OpenMetrics 1.0: with units, exemplars, and an end by which a broken transfer is seen.
    ///
    /// https://prometheus.io/docs/specs/om/open_metrics_spec/
    case openMetrics
    /// The same text under the version of OpenMetrics' draft, 0.0.1, which older scrapers ask for.
    case openMetricsDraft

    /// What an HTTP response calls the format in `Content-Type`.
    public var contentType: String {
        switch self {
        case .text: "text/plain; version=0.0.4; charset=utf-8"
        case .openMetrics: "application/openmetrics-text; version=1.0.0; charset=utf-8"
        case .openMetricsDraft: "application/openmetrics-text; version=0.0.1; charset=utf-8"
        }
    }

    /// Whether it is OpenMetrics, of any version.
    var isOpenMetrics: Bool { self != .text }
}
