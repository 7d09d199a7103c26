// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineObservability

extension Truth {
    func family(_ family: MetricFamily) -> JSON {
        [
            "name": .string(family.name), "unit": .string(family.unit.code), "help": .string(family.help),
            "kind": .string("\(family.kind)"),
            "series": .array(
                family.series.map { series in
                    [
                        "labels": .array(series.labels.map { [.string($0.name), .string($0.value)] }),
                        "value": value(series.value),
                        "exemplars": .array(series.exemplars.map(exemplar)),
                    ]
                }),
        ]
    }

    private func value(_ value: MetricValue) -> JSON {
        switch value {
        case .counter(let value): ["total": .integer(value)]
        case .upDownCounter(let value): ["sum": .integer(value)]
        case .gauge(let value): ["value": .bits(value)]
        case .histogram(let value):
            [
                "bounds": .array(value.bounds.map { .bits($0) }),
                "buckets": .array(value.bucketCounts.map { .integer($0) }), "sum": .bits(value.sum),
            ]
        case .exponentialHistogram(let value):
            [
                "scale": .integer(value.scale), "zeros": .integer(value.zeroCount),
                "zero_threshold": .bits(value.zeroThreshold), "offset": .integer(value.offset),
                "buckets": .array(value.bucketCounts.map { .integer($0) }), "sum": .bits(value.sum),
            ]
        }
    }

    private func exemplar(_ exemplar: MetricExemplar) -> JSON {
        let value: JSON =
            switch exemplar.value {
            case .int64(let value): ["int", .integer(value)]
            case .double(let value): ["double", .bits(value)]
            }
        let context = exemplar.context.map { [.string("\($0.traceID)"), .string("\($0.spanID)")] } ?? [JSON]()
        return [
            "value": value, "context": .array(context), "time": .integer(exemplar.time.nanosecondsSinceEpoch),
            "fields": fields(exemplar.fields),
        ]
    }
}
