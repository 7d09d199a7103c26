// SPDX-License-Identifier: MIT OR Apache-2.0

public import CoreMetrics
import Synchronization
public import VitrineObservability

/// Gives our instruments to a factory of swift-metrics: what is counted here arrives in any of its backends.
///
///     Metrics.install(SwiftMetricsRecorder(factory))
///
/// | ours            | there                                  |                                              |
/// |-----------------|----------------------------------------|----------------------------------------------|
/// | counter         | counter                                | more than `Int64.max` at once is `Int64.max` |
/// | up-down counter | meter, incremented and decremented     | whole numbers are exact up to 2⁵³            |
/// | gauge           | meter                                  |                                              |
/// | histogram       | timer if the unit is seconds, in whole nanoseconds; recorder otherwise | no NaN and no infinity |
///
/// Names and labels are handed on as they are written, units, help texts and bounds of buckets are not: swift-metrics has no
/// place for them, and its backends have rules of their own.
///
/// It keeps one handler for each name, kind and labels, and tells the factory to destroy it when the recorder and all its
/// instruments are gone. A metric has up to `maximumSeriesPerFamily` of them; all other labels are counted together,
/// with the label `MetricLabel.overflow`.
public final class SwiftMetricsRecorder: MetricsRecorder {
    /// The default of `maximumSeriesPerFamily`.
    public static let defaultMaximumSeriesPerFamily = 1_000

    /// How many combinations of labels a metric keeps apart; the overflow series comes on top.
    public let maximumSeriesPerFamily: Int

    private let factory: any MetricsFactory
    private let state = Mutex(State())

    private struct State {
        var series: [Metric: [[MetricLabel]: any Sendable & AnyObject]] = [:]
        /// Handlers that were made twice at once. To let them go would have the factory destroy the ones that are used, for
        /// many factories make one of the same name only once.
        var duplicates: [any Sendable & AnyObject] = []
    }

    /// What one name is for one kind.
    private struct Metric: Hashable {
        let name: String
        let handler: ObjectIdentifier
    }

    /// A recorder that makes its instruments by a factory. A maximum below 1 counts as 1.
    public init(
        _ factory: any MetricsFactory,
        maximumSeriesPerFamily: Int = SwiftMetricsRecorder.defaultMaximumSeriesPerFamily
    ) {
        self.factory = factory
        self.maximumSeriesPerFamily = max(1, maximumSeriesPerFamily)
    }

    /// A counter of the factory. Takes a lock and hashes: to be done once, as with all instruments.
    public func counter(_ descriptor: MetricDescriptor, labels: [MetricLabel]) -> VitrineObservability.Counter {
        Counter(handler: handler(descriptor, labels, CounterBridge.init))
    }

    /// A meter of the factory that is incremented and decremented.
    public func upDownCounter(_ descriptor: MetricDescriptor, labels: [MetricLabel]) -> UpDownCounter {
        UpDownCounter(handler: handler(descriptor, labels, MeterBridge.init))
    }

    /// A meter of the factory.
    public func gauge(_ descriptor: MetricDescriptor, labels: [MetricLabel]) -> VitrineObservability.Gauge {
        Gauge(handler: handler(descriptor, labels, MeterBridge.init))
    }

    /// A timer of the factory for seconds, a recorder for anything else.
    public func histogram(
        _ descriptor: MetricDescriptor, buckets: HistogramBuckets, labels: [MetricLabel]
    ) -> Histogram {
        descriptor.unit == .seconds
            ? Histogram(handler: handler(descriptor, labels, TimerBridge.init))
            : Histogram(handler: handler(descriptor, labels, RecorderBridge.init))
    }

    private func handler<Handler: AnyObject & Sendable>(
        _ descriptor: MetricDescriptor, _ labels: [MetricLabel],
        _ make: (any MetricsFactory, String, [(String, String)]) -> Handler
    ) -> Handler {
        let metric = Metric(name: descriptor.name, handler: ObjectIdentifier(Handler.self))
        let labels = labels.sorted()
        let (known, isFull) = state.withLock { state in
            let family = state.series[metric] ?? [:]
            let count = family.count - (family[[.overflow]] == nil ? 0 : 1)
            return (family[labels], count >= maximumSeriesPerFamily)
        }
        if let known = known as? Handler { return known }
        if isFull, labels != [.overflow] { return handler(descriptor, [.overflow], make) }
        // Outside of the lock, for a factory may come back here. Of two made at once the first is kept.
        let new = make(factory, descriptor.name, labels.map { ($0.name, $0.value) })
        return state.withLock { state in
            if let known = state.series[metric]?[labels] as? Handler {
                state.duplicates.append(new)
                return known
            }
            state.series[metric, default: [:]][labels] = new
            return new
        }
    }
}
