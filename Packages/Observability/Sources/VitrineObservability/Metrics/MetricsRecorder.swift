// SPDX-License-Identifier: MIT OR Apache-2.0

/// Who makes instruments: a registry of ours, the no-op recorder, or a bridge to another system.
///
/// A library asks `Metrics.recorder` and counts without knowing who listens. To write one of your own, give each
/// instrument a handler: `Counter(handler:)`. Names and labels come as they were written; it is the recorder that
/// normalizes or refuses them, and it never traps.
public protocol MetricsRecorder: Sendable {
    /// How many combinations of labels it keeps apart for one metric. Families count all others with the labels
    /// `[.overflow]`. 0 for a recorder that keeps nothing.
    var maximumSeriesPerFamily: Int { get }

    /// The counter of a metric and labels.
    func counter(_ descriptor: MetricDescriptor, labels: [MetricLabel]) -> Counter
    /// The up-down counter of a metric and labels.
    func upDownCounter(_ descriptor: MetricDescriptor, labels: [MetricLabel]) -> UpDownCounter
    /// The gauge of a metric and labels.
    func gauge(_ descriptor: MetricDescriptor, labels: [MetricLabel]) -> Gauge
    /// The histogram of a metric and labels.
    func histogram(_ descriptor: MetricDescriptor, buckets: HistogramBuckets, labels: [MetricLabel]) -> Histogram
}

// How instruments are asked for. All of these look up or register: do it once, keep the handle.
extension MetricsRecorder {
    /// The counter of a name and labels.
    public func counter(
        _ name: String, unit: MetricUnit = .none, help: String, labels: [(String, String)] = []
    ) -> Counter {
        counter(MetricDescriptor(name, unit: unit, help: help), labels: labels.map(MetricLabel.init))
    }

    /// The counter of a metric without labels.
    public func counter(_ descriptor: MetricDescriptor) -> Counter { counter(descriptor, labels: []) }

    /// The up-down counter of a name and labels.
    public func upDownCounter(
        _ name: String, unit: MetricUnit = .none, help: String, labels: [(String, String)] = []
    ) -> UpDownCounter {
        upDownCounter(MetricDescriptor(name, unit: unit, help: help), labels: labels.map(MetricLabel.init))
    }

    /// The up-down counter of a metric without labels.
    public func upDownCounter(_ descriptor: MetricDescriptor) -> UpDownCounter { upDownCounter(descriptor, labels: []) }

    /// The gauge of a name and labels.
    public func gauge(
        _ name: String, unit: MetricUnit = .none, help: String, labels: [(String, String)] = []
    ) -> Gauge {
        gauge(MetricDescriptor(name, unit: unit, help: help), labels: labels.map(MetricLabel.init))
    }

    /// The gauge of a metric without labels.
    public func gauge(_ descriptor: MetricDescriptor) -> Gauge { gauge(descriptor, labels: []) }

    /// The histogram of a name and labels; its buckets are the standard ones of the unit if nothing is said.
    public func histogram(
        _ name: String,
        unit: MetricUnit = .none,
        help: String,
        buckets: HistogramBuckets? = nil,
        labels: [(String, String)] = []
    ) -> Histogram {
        histogram(
            MetricDescriptor(name, unit: unit, help: help),
            buckets: buckets ?? .standard(for: unit),
            labels: labels.map(MetricLabel.init)
        )
    }

    /// The histogram of a metric and labels, with the standard buckets of its unit.
    public func histogram(_ descriptor: MetricDescriptor, labels: [MetricLabel] = []) -> Histogram {
        histogram(descriptor, buckets: .standard(for: descriptor.unit), labels: labels)
    }
}

/// The recorder of a process that has none: its instruments do nothing, and no label costs memory.
public struct NoOpMetricsRecorder: MetricsRecorder {
    /// The recorder; all are alike.
    public init() {}

    /// 0: nothing is kept.
    public var maximumSeriesPerFamily: Int { 0 }

    /// A counter that counts nothing.
    public func counter(_ descriptor: MetricDescriptor, labels: [MetricLabel]) -> Counter { Counter() }
    /// A counter that counts nothing.
    public func upDownCounter(_ descriptor: MetricDescriptor, labels: [MetricLabel]) -> UpDownCounter {
        UpDownCounter()
    }
    /// A gauge that shows nothing.
    public func gauge(_ descriptor: MetricDescriptor, labels: [MetricLabel]) -> Gauge { Gauge() }
    /// A histogram that records nothing.
    public func histogram(_ descriptor: MetricDescriptor, buckets: HistogramBuckets, labels: [MetricLabel]) -> Histogram
    {
        Histogram()
    }
}
