// SPDX-License-Identifier: MIT OR Apache-2.0

/// All series of one metric, as a registry's snapshot gives them to an exporter.
public struct MetricFamily: Sendable, Hashable {
    /// The metric's name, valid for Prometheus.
    public let name: String
    /// What it counts, in a sentence.
    public let help: String
    /// What sort of number it is.
    public let kind: MetricKind
    /// One entry for each combination of labels, ordered by them.
    public let series: [MetricSeries]

    /// A family of all its parts.
    public init(name: String, help: String, kind: MetricKind, series: [MetricSeries]) {
        self.name = name
        self.help = help
        self.kind = kind
        self.series = series
    }
}

/// What sort of number a metric is.
public enum MetricKind: Sendable, Hashable {
    /// A total that only grows.
    case counter
}

/// One combination of labels and its value.
public struct MetricSeries: Sendable, Hashable {
    /// The labels, ordered by name, each name once.
    public let labels: [MetricLabel]
    /// The value when the snapshot was taken.
    public let value: MetricValue

    /// A series of labels and a value.
    public init(labels: [MetricLabel], value: MetricValue) {
        self.labels = labels
        self.value = value
    }
}

/// A value by the kind of its family.
public enum MetricValue: Sendable, Hashable {
    /// An exact total.
    case counter(UInt64)
}

/// A label of a series.
public struct MetricLabel: Sendable, Hashable, Comparable {
    /// Its name, valid for Prometheus.
    public let name: String
    /// Its value: any text, never empty.
    public let value: String

    /// A label of a name and a value.
    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }

    /// Order by name, then by value.
    public static func < (lhs: MetricLabel, rhs: MetricLabel) -> Bool {
        (lhs.name, lhs.value) < (rhs.name, rhs.value)
    }
}
