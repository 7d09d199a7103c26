// SPDX-License-Identifier: MIT OR Apache-2.0

import CoreMetrics
import VitrineObservability

// The handlers of swift-metrics behind instruments of ours. Each has the factory destroy its own when it goes.

/// A counter of a factory.
final class CounterBridge: VitrineObservability.CounterHandler {
    private let factory: any MetricsFactory
    private let counter: any CoreMetrics.CounterHandler

    init(_ factory: any MetricsFactory, _ label: String, _ dimensions: [(String, String)]) {
        self.factory = factory
        counter = factory.makeCounter(label: label, dimensions: dimensions)
    }

    deinit { factory.destroyCounter(counter) }

    func increment(by amount: UInt64) { counter.increment(by: Int64(clamping: amount)) }
}

/// A meter of a factory, for what is added to and for what is set.
final class MeterBridge: UpDownCounterHandler, GaugeHandler {
    private let factory: any MetricsFactory
    private let meter: any MeterHandler

    init(_ factory: any MetricsFactory, _ label: String, _ dimensions: [(String, String)]) {
        self.factory = factory
        meter = factory.makeMeter(label: label, dimensions: dimensions)
    }

    deinit { factory.destroyMeter(meter) }

    func set(_ value: Double) { meter.set(value) }

    func add(_ amount: Int64) { add(Double(amount)) }

    /// Meters take amounts that are not negative, in either direction.
    func add(_ amount: Double) {
        if amount < 0 { meter.decrement(by: -amount) } else { meter.increment(by: amount) }
    }
}

/// A timer of a factory.
final class TimerBridge: HistogramHandler {
    private let factory: any MetricsFactory
    private let timer: any TimerHandler

    init(_ factory: any MetricsFactory, _ label: String, _ dimensions: [(String, String)]) {
        self.factory = factory
        timer = factory.makeTimer(label: label, dimensions: dimensions)
        timer.preferDisplayUnit(.seconds)
    }

    deinit { factory.destroyTimer(timer) }

    func record(_ seconds: Double) {
        guard seconds.isFinite else { return }
        let nanoseconds = (seconds * 1e9).rounded()
        // 2⁶³ is the first Double beyond Int64.
        timer.recordNanoseconds(Int64(exactly: nanoseconds) ?? (nanoseconds < 0 ? .min : .max))
    }
}

/// A recorder of a factory that aggregates.
final class RecorderBridge: HistogramHandler {
    private let factory: any MetricsFactory
    private let recorder: any RecorderHandler

    init(_ factory: any MetricsFactory, _ label: String, _ dimensions: [(String, String)]) {
        self.factory = factory
        recorder = factory.makeRecorder(label: label, dimensions: dimensions, aggregate: true)
    }

    deinit { factory.destroyRecorder(recorder) }

    func record(_ value: Double) {
        if value.isFinite { recorder.record(value) }
    }
}
