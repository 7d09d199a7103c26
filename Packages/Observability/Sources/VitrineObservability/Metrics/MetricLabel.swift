// SPDX-License-Identifier: MIT OR Apache-2.0

/// A label of a series.
public struct MetricLabel: Sendable, Hashable, Comparable {
    /// How many bytes of UTF-8 a recorder of ours keeps of a value; the rest is cut off.
    public static let maximumValueByteCount = 1_024

    /// The one label of the series that takes all combinations beyond a family's maximum: OpenTelemetry's
    /// `otel.metric.overflow` as Prometheus spells it, with the value `true`.
    public static let overflow = MetricLabel(name: "otel_metric_overflow", value: "true")

    /// Its name, valid for Prometheus where a registry made it.
    public let name: String
    /// Its value: any text, never empty where a registry made it.
    public let value: String

    /// A label of a name and a value.
    public init(name: String, value: String) {
        self.name = name
        self.value = value
    }

    /// Order by name, then by value.
    public static func < (lhs: MetricLabel, rhs: MetricLabel) -> Bool {
        (lhs.name, lhs.value) < (rhs.name, rhs.value)
    }
}

extension [MetricLabel] {
    /// The labels as a registry keeps them: names valid, each once, in order; no empty value, none too long. The label of
    /// the overflow series is kept only where it is alone, so that nobody else is counted there.
    func normalizedLabels() -> [MetricLabel] {
        if self == [.overflow] { return self }
        var result: [MetricLabel] = []
        for label in self where !label.value.isEmpty {
            let name = MetricName.normalizedLabel(label.name)
            guard name != MetricLabel.overflow.name, !result.contains(where: { $0.name == name }) else { continue }
            result.append(
                MetricLabel(name: name, value: label.value.cut(toByteCount: MetricLabel.maximumValueByteCount)))
        }
        return result.sorted()
    }
}

extension String {
    /// The longest beginning of whole Unicode scalars that has no more bytes of UTF-8.
    fileprivate func cut(toByteCount maximum: Int) -> String {
        guard utf8.count > maximum else { return self }
        var end = utf8.index(startIndex, offsetBy: maximum)
        while end.samePosition(in: unicodeScalars) == nil { end = utf8.index(before: end) }
        return String(unicodeScalars[..<end])
    }
}
