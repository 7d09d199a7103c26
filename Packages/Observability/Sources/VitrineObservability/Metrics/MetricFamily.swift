// SPDX-License-Identifier: MIT OR Apache-2.0

/// All series of one metric, as a registry's snapshot gives them to an exporter.
public struct MetricFamily: Sendable, Hashable {
    /// The metric's name, valid for Prometheus.
    public let name: String
    /// What the numbers are numbers of.
    public let unit: MetricUnit
    /// What it tells, in a sentence.
    public let help: String
    /// What sort of number it is.
    public let kind: MetricKind
    /// One entry for each combination of labels, ordered by them.
    public let series: [MetricSeries]

    /// A family of all its parts.
    public init(name: String, unit: MetricUnit = .none, help: String, kind: MetricKind, series: [MetricSeries]) {
        self.name = name
        self.unit = unit
        self.help = help
        self.kind = kind
        self.series = series
    }
}

/// One combination of labels and its value.
public struct MetricSeries: Sendable, Hashable {
    /// The labels, ordered by name, each name once.
    public let labels: [MetricLabel]
    /// The value when the snapshot was taken.
    public let value: MetricValue
    /// Some of the values behind it, and the spans they were measured in; none unless the registry keeps them. A bucket of a
    /// histogram has at most one.
    public let exemplars: [MetricExemplar]

    /// A series of labels and a value.
    public init(labels: [MetricLabel], value: MetricValue, exemplars: [MetricExemplar] = []) {
        self.labels = labels
        self.value = value
        self.exemplars = exemplars
    }
}

/// A value by the kind of its family.
public enum MetricValue: Sendable, Hashable {
    /// An exact total since the registry began.
    case counter(UInt64)
    /// An exact sum.
    case upDownCounter(Int64)
    /// The value that was set last.
    case gauge(Double)
    /// The buckets of a histogram since the registry began.
    case histogram(HistogramValue)
    /// The buckets of an exponential histogram since the registry began.
    case exponentialHistogram(ExponentialHistogramValue)
}
