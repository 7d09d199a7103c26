// SPDX-License-Identifier: MIT OR Apache-2.0

public import VitrineObservability

/// What is scraped, as the one series `target_info` says it: the attributes of a resource as labels.
///
/// https://opentelemetry.io/docs/specs/otel/compatibility/prometheus_and_openmetrics/#resource-attributes-1
public struct PrometheusTarget: Sendable, Hashable {
    /// How many labels it has at most; the rest is left out.
    public static let maximumLabelCount = 64

    /// The labels, ordered by name, each name once.
    public let labels: [MetricLabel]

    /// A target of attributes. Their keys become valid names of labels (`service.name` is `service_name`); of equal keys
    /// the last value counts, and different keys that come to one name have their values joined by `;`. Empty values are left
    /// out, and long ones are cut as a registry cuts them.
    public init(_ fields: [Field]) {
        var values: [String: FieldValue] = [:]
        for field in fields where !field.key.isEmpty { values[field.key] = field.value }
        var joined: [String: String] = [:]
        for (key, value) in values.sorted(by: { $0.key < $1.key }) {
            let text = value.description
            guard !text.isEmpty else { continue }
            let name = MetricName.normalizedLabel(key)
            joined[name] = joined[name].map { $0 + ";" + text } ?? text
        }
        labels = joined.sorted { $0.key < $1.key }.prefix(Self.maximumLabelCount).map { name, value in
            MetricLabel(name: name, value: Self.cut(value))
        }
    }

    /// The longest beginning of whole characters that has no more bytes than a label's value may.
    private static func cut(_ value: String) -> String {
        guard value.utf8.count > MetricLabel.maximumValueByteCount else { return value }
        var end = value.utf8.index(value.startIndex, offsetBy: MetricLabel.maximumValueByteCount)
        while end.samePosition(in: value.unicodeScalars) == nil { end = value.utf8.index(before: end) }
        return String(value[..<end])
    }
}
