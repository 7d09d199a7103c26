// SPDX-License-Identifier: MIT OR Apache-2.0

internal import VitrineObservability

/// A value of a counter track at some moment.
struct CounterSample: Sendable {
    let name: String
    let unit: MetricUnit
    let value: CounterValue

    /// The values of a snapshot: one of each series, of a histogram its count and its sum. What is not finite is no value.
    static func samples(of families: [MetricFamily]) -> [CounterSample] {
        var samples: [CounterSample] = []
        for family in families {
            for series in family.series {
                let labels = labels(series.labels)
                func add(_ suffix: String, _ unit: MetricUnit, _ value: CounterValue) {
                    if case .number(let number) = value, !number.isFinite { return }
                    samples.append(CounterSample(name: family.name + suffix + labels, unit: unit, value: value))
                }
                switch series.value {
                case .counter(let total): add("", family.unit, integer(total))
                case .upDownCounter(let sum): add("", family.unit, .integer(sum))
                case .gauge(let number): add("", family.unit, .number(number))
                case .histogram(let value):
                    add("_count", .none, integer(value.count))
                    add("_sum", family.unit, .number(value.sum))
                case .exponentialHistogram(let value):
                    add("_count", .none, integer(value.count))
                    add("_sum", family.unit, .number(value.sum))
                }
            }
        }
        return samples
    }

    private static func integer(_ value: UInt64) -> CounterValue {
        Int64(exactly: value).map(CounterValue.integer) ?? .number(Double(value))
    }

    private static func labels(_ labels: [MetricLabel]) -> String {
        guard !labels.isEmpty else { return "" }
        return "{" + labels.map { "\($0.name)=\"\($0.value)\"" }.joined(separator: ",") + "}"
    }
}
