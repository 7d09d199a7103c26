// SPDX-License-Identifier: MIT OR Apache-2.0

import CVitrineOTLP
import VitrineObservability

extension RequestBatch {
    // SAFETY, of all below: as in `RequestBatch`.

    /// Adds a metric without points.
    func add(_ family: MetricFamily, pointCapacity: Int) {
        unsafe Self.lend(family.name, family.help) { name, help in
            unsafe Self.lend(family.unit.code) { unit in
                unsafe vitrine_otlp_add_metric(batch, family.kind.cValue, name, help, unit, pointCapacity)
            }
        }
    }

    /// Adds a point to the last metric; false if the value is of another kind than that.
    func add(
        _ series: MetricSeries, of kind: MetricKind, from start: Timestamp, to time: Timestamp
    ) -> Bool {
        let point = vitrine_otlp_point(
            start: kind == .gauge ? 0 : min(start, time).nanosecondsSinceEpoch,
            time: time.nanosecondsSinceEpoch,
            attribute_capacity: series.labels.count,
            exemplar_capacity: series.exemplars.count)
        switch (kind, series.value) {
        case (.counter, .counter(let value)):
            // A total beyond what an int64 takes is as good as a double has it.
            let number = Int64(exactly: value).map(vitrine_otlp_number.init) ?? vitrine_otlp_number(Double(value))
            unsafe vitrine_otlp_add_number(batch, point, number)
        case (.upDownCounter, .upDownCounter(let value)):
            unsafe vitrine_otlp_add_number(batch, point, vitrine_otlp_number(value))
        case (.gauge, .gauge(let value)):
            unsafe vitrine_otlp_add_number(batch, point, vitrine_otlp_number(value))
        case (.histogram, .histogram(let value)): add(value, point)
        case (.exponentialHistogram, .exponentialHistogram(let value)): add(value, point)
        default: return false
        }
        for label in series.labels {
            if label == .overflow {
                add("otel.metric.overflow", true)
            } else {
                add(label.name, label.value, valueLimit: .max)
            }
        }
        for exemplar in series.exemplars { add(exemplar) }
        return true
    }

    private func add(_ value: HistogramValue, _ point: vitrine_otlp_point) {
        unsafe value.bucketCounts.withUnsafeBufferPointer { counts in
            unsafe value.bounds.withUnsafeBufferPointer { bounds in
                var histogram = unsafe vitrine_otlp_histogram(
                    count: value.count, sum: value.sum, bucket_counts: counts.baseAddress, bucket_count: counts.count,
                    bounds: bounds.baseAddress, bound_count: bounds.count)
                if !value.hasMatchingBuckets {
                    unsafe (histogram.bucket_count, histogram.bound_count) = (0, 0)
                }
                unsafe vitrine_otlp_add_histogram(batch, point, &histogram)
            }
        }
    }

    private func add(_ value: ExponentialHistogramValue, _ point: vitrine_otlp_point) {
        unsafe value.bucketCounts.withUnsafeBufferPointer { counts in
            var histogram = unsafe vitrine_otlp_exponential_histogram(
                count: value.count, sum: value.sum, scale: Int32(clamping: value.scale), zero_count: value.zeroCount,
                zero_threshold: value.zeroThreshold, offset: Int32(clamping: value.offset),
                bucket_counts: counts.baseAddress, bucket_count: counts.count)
            unsafe vitrine_otlp_add_exponential_histogram(batch, point, &histogram)
        }
    }

    private func add(_ exemplar: MetricExemplar) {
        let number =
            switch exemplar.value {
            case .int64(let value): vitrine_otlp_number(value)
            case .double(let value): vitrine_otlp_number(value)
            }
        unsafe vitrine_otlp_add_exemplar(
            batch, vitrine_otlp_context(exemplar.context), exemplar.time.nanosecondsSinceEpoch, number,
            exemplar.fields.count)
        add(exemplar.fields.span, valueLimit: .max)
    }
}

extension HistogramValue {
    /// Whether there is a bucket for each bound and one more, and each bound is above the one before. A registry gives no
    /// others, and no receiver has to take them.
    fileprivate var hasMatchingBuckets: Bool {
        bucketCounts.count == bounds.count + 1 && zip(bounds, bounds.dropFirst()).allSatisfy { $0 < $1 }
            && bounds.allSatisfy { !$0.isNaN }
    }
}

extension vitrine_otlp_number {
    fileprivate init(_ value: Int64) {
        self.init(is_double: false, int_value: value, double_value: 0)
    }

    fileprivate init(_ value: Double) {
        self.init(is_double: true, int_value: 0, double_value: value)
    }
}

extension MetricKind {
    fileprivate var cValue: vitrine_otlp_metric_kind {
        switch self {
        case .counter: VITRINE_OTLP_MONOTONIC_SUM
        case .upDownCounter: VITRINE_OTLP_SUM
        case .gauge: VITRINE_OTLP_GAUGE
        case .histogram: VITRINE_OTLP_HISTOGRAM
        case .exponentialHistogram: VITRINE_OTLP_EXPONENTIAL_HISTOGRAM
        }
    }
}
