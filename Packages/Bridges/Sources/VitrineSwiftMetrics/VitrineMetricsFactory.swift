// SPDX-License-Identifier: MIT OR Apache-2.0

public import CoreMetrics
public import VitrineObservability

/// A factory of swift-metrics that counts in our registry: what the application and its libraries measure is exported with
/// ours.
///
///     MetricsSystem.bootstrap(VitrineMetricsFactory())
///
/// | there                            | ours                                                                        |
/// |----------------------------------|-----------------------------------------------------------------------------|
/// | counter                          | counter; negative amounts and `reset` do nothing, for a total only grows     |
/// | floating-point counter           | counter of the whole part of its total                                       |
/// | meter                            | gauge                                                                        |
/// | recorder that aggregates         | histogram, by default with the bounds for any numbers (`HistogramBounds.plain`) |
/// | recorder that does not, a gauge  | gauge                                                                        |
/// | timer                            | histogram in seconds, whatever unit it prefers to be shown in                |
///
/// Labels and dimensions are names and labels of the registry, which makes them valid: `http.requests` is
/// `http_requests`, and a name that another kind has gets its kind behind. Its maximum of combinations holds.
///
/// To destroy an instrument gives it up here. Its series stays in the registry with its total, and an instrument that is
/// made again goes on from there: an exporter never sees a total fall.
public struct VitrineMetricsFactory: MetricsFactory {
    private let recorder: any MetricsRecorder
    private let help: String
    private let timerBuckets: HistogramBuckets
    private let recorderBuckets: HistogramBuckets

    /// A factory of instruments of a recorder.
    ///
    /// - Parameters:
    ///   - recorder: who makes the instruments, by default the registry of the process.
    ///   - help: the help text of all its metrics, since swift-metrics has none.
    ///   - timerBuckets: the buckets of timers, in seconds.
    ///   - recorderBuckets: the buckets of recorders that aggregate.
    public init(
        _ recorder: any MetricsRecorder = MetricsRegistry.shared,
        help: String = "Recorded by swift-metrics.",
        timerBuckets: HistogramBuckets = .explicit(.seconds),
        recorderBuckets: HistogramBuckets = .explicit(.plain)
    ) {
        self.recorder = recorder
        self.help = help
        self.timerBuckets = timerBuckets
        self.recorderBuckets = recorderBuckets
    }

    private func descriptor(_ label: String, unit: MetricUnit = .none) -> MetricDescriptor {
        MetricDescriptor(label, unit: unit, help: help)
    }

    /// A counter. Floating-point counters are made of one by swift-metrics itself.
    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CoreMetrics.CounterHandler {
        RegistryCounter(recorder.counter(descriptor(label), labels: dimensions.map(MetricLabel.init)))
    }

    /// A gauge that may also be added to.
    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        RegistryGauge(recorder.gauge(descriptor(label), labels: dimensions.map(MetricLabel.init)))
    }

    /// A histogram, or a gauge for what is not to be aggregated.
    public func makeRecorder(
        label: String, dimensions: [(String, String)], aggregate: Bool
    ) -> any RecorderHandler {
        let labels = dimensions.map(MetricLabel.init)
        guard aggregate else { return RegistryGauge(recorder.gauge(descriptor(label), labels: labels)) }
        return RegistryHistogram(recorder.histogram(descriptor(label), buckets: recorderBuckets, labels: labels))
    }

    /// A histogram in seconds.
    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        RegistryHistogram(
            recorder.histogram(
                descriptor(label, unit: .seconds), buckets: timerBuckets, labels: dimensions.map(MetricLabel.init)))
    }

    /// Nothing is kept here that could be given up; so for all kinds.
    public func destroyCounter(_ handler: any CoreMetrics.CounterHandler) {}
    /// Nothing, as above.
    public func destroyMeter(_ handler: any MeterHandler) {}
    /// Nothing, as above.
    public func destroyRecorder(_ handler: any RecorderHandler) {}
    /// Nothing, as above.
    public func destroyTimer(_ handler: any TimerHandler) {}
}
