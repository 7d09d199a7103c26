// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineObservability

/// Exemplars as OpenMetrics writes them behind a number, and to which line each belongs.
enum ExemplarText {
    /// How many characters the names and values of an exemplar's labels have at most, as the specification demands.
    static let maximumLabelCharacterCount = 128

    /// Appends ` # {trace_id="…",span_id="…"} value time`. Fields follow as labels as far as there is room.
    static func append(_ exemplar: MetricExemplar, to bytes: inout [UInt8]) {
        var labels: [(name: String, value: String)] = []
        if let context = exemplar.context {
            labels = [("trace_id", context.traceID.description), ("span_id", context.spanID.description)]
        }
        var characterCount = labels.reduce(0) { $0 + $1.name.utf8.count + $1.value.utf8.count }
        for field in exemplar.fields where !field.key.isEmpty {
            let name = MetricName.normalizedLabel(field.key)
            let value = field.value.description
            let count = name.unicodeScalars.count + value.unicodeScalars.count
            guard characterCount + count <= maximumLabelCharacterCount, !labels.contains(where: { $0.name == name })
            else { continue }
            labels.append((name, value))
            characterCount += count
        }
        bytes.append(contentsOf: " # {".utf8)
        for (index, label) in labels.enumerated() {
            bytes.append(contentsOf: "\(index == 0 ? "" : ",")\(label.name)=\"".utf8)
            PrometheusEscaping.append(label.value, quotes: true, to: &bytes)
            bytes.append(UInt8(ascii: "\""))
        }
        bytes.append(contentsOf: "} ".utf8)
        exemplar.value.number.append(to: &bytes)
        if exemplar.time != .unrecorded {
            let (seconds, nanoseconds) = exemplar.time.nanosecondsSinceEpoch.quotientAndRemainder(
                dividingBy: 1_000_000_000)
            let digits = "\(nanoseconds)"
            bytes.append(contentsOf: " \(seconds).".utf8)
            bytes.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: 9 - digits.utf8.count))
            bytes.append(contentsOf: digits.utf8)
        }
    }

    /// Of a series' exemplars the last one.
    static func last(_ exemplars: [MetricExemplar]) -> MetricExemplar? {
        exemplars.filter { !$0.value.double.isNaN }.max { $0.time < $1.time }
    }

    /// The last exemplar of each bucket: one more than there are upper bounds, which increase. An exemplar stands only in the
    /// bucket that its value was counted in.
    static func byBucket(_ exemplars: [MetricExemplar], _ bounds: [Double]) -> [MetricExemplar?] {
        var result = [MetricExemplar?](repeating: nil, count: bounds.count + 1)
        for exemplar in exemplars {
            let value = exemplar.value.double
            guard !value.isNaN else { continue }
            let bucket = bounds.firstIndex { value <= $0 } ?? bounds.count
            if let other = result[bucket], other.time > exemplar.time { continue }
            result[bucket] = exemplar
        }
        return result
    }
}

extension MetricExemplar.Value {
    fileprivate var double: Double {
        switch self {
        case .int64(let value): Double(value)
        case .double(let value): value
        }
    }

    fileprivate var number: PrometheusNumber {
        switch self {
        case .int64(let value): .signed(value)
        case .double(let value): .double(value)
        }
    }
}
