// SPDX-License-Identifier: MIT OR Apache-2.0

import CoreMetrics
import VitrineObservability

// Instruments of ours behind those of swift-metrics.

/// A counter of ours.
final class RegistryCounter: CoreMetrics.CounterHandler {
    private let counter: VitrineObservability.Counter

    init(_ counter: VitrineObservability.Counter) {
        self.counter = counter
    }

    func increment(by amount: Int64) {
        if amount > 0 { counter.increment(by: UInt64(amount)) }
    }

    /// A total that falls looks like a new process to those who read it.
    func reset() {}
}

/// A gauge of ours.
final class RegistryGauge: MeterHandler, RecorderHandler {
    private let gauge: VitrineObservability.Gauge

    init(_ gauge: VitrineObservability.Gauge) {
        self.gauge = gauge
    }

    func set(_ value: Int64) { gauge.set(Double(value)) }
    func set(_ value: Double) { gauge.set(value) }
    func record(_ value: Int64) { gauge.set(Double(value)) }
    func record(_ value: Double) { gauge.set(value) }

    // One infinity or NaN added would stay for ever.
    func increment(by amount: Double) {
        if amount.isFinite { gauge.add(amount) }
    }

    func decrement(by amount: Double) {
        if amount.isFinite { gauge.add(-amount) }
    }
}

/// A histogram of ours.
final class RegistryHistogram: RecorderHandler, TimerHandler {
    private let histogram: Histogram

    init(_ histogram: Histogram) {
        self.histogram = histogram
    }

    func record(_ value: Int64) { histogram.record(Double(value)) }
    func record(_ value: Double) { histogram.record(value) }
    func recordNanoseconds(_ duration: Int64) { histogram.record(Double(duration) / 1e9) }
}
