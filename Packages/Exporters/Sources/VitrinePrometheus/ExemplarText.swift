// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineObservability

/// Exemplars as OpenMetrics writes them behind a number, and to which line each belongs.
enum ExemplarText {
    /// How many characters the names and values of an exemplar's labels have at most, as the specification demands.
    static let maximumLabelCharacterCount = 128

    /// Appends ` # {trace_id="…",span_id="…"} value time`. Fields follow as labels as far as there is room.
    static func append(_ exemplar: MetricExemplar, to bytes: inout [UInt8]) {
        append(" # {", to: &bytes)
        if let context = exemplar.context {
            append("trace_id=\"", to: &bytes)
            append(hexadecimal: context.traceID.high, to: &bytes)
            append(hexadecimal: context.traceID.low, to: &bytes)
            append("\",span_id=\"", to: &bytes)
            append(hexadecimal: context.spanID.rawValue, to: &bytes)
            append("\"", to: &bytes)
        }
        if !exemplar.fields.isEmpty { appendFields(exemplar, to: &bytes) }
        append("} ", to: &bytes)
        exemplar.value.number.append(to: &bytes)
        if exemplar.time != .unrecorded { append(exemplar.time, to: &bytes) }
    }

    private static func appendFields(_ exemplar: MetricExemplar, to bytes: inout [UInt8]) {
        var names: Set<String> = exemplar.context == nil ? [] : ["trace_id", "span_id"]
        // 8 and 7 characters of names, 32 and 16 of values.
        var characterCount = exemplar.context == nil ? 0 : 63
        for field in exemplar.fields where !field.key.isEmpty {
            let name = MetricName.normalizedLabel(field.key)
            let value = field.value.description
            let count = name.unicodeScalars.count + value.unicodeScalars.count
            guard characterCount + count <= maximumLabelCharacterCount, names.insert(name).inserted else { continue }
            characterCount += count
            bytes.append(contentsOf: "\(bytes.last == UInt8(ascii: "{") ? "" : ",")\(name)=\"".utf8)
            // Prometheus reads a NUL in the labels of a series, but loses the whole scrape for one in those of an exemplar.
            let shown = value.utf8.contains(0) ? String(value.map { $0 == "\0" ? "\u{FFFD}" : $0 }) : value
            PrometheusEscaping.append(shown, quotes: true, to: &bytes)
            append("\"", to: &bytes)
        }
    }

    /// Appends a time in seconds, with all its nanoseconds.
    private static func append(_ time: Timestamp, to bytes: inout [UInt8]) {
        let (seconds, nanoseconds) = time.nanosecondsSinceEpoch.quotientAndRemainder(dividingBy: 1_000_000_000)
        append(" ", to: &bytes)
        PrometheusNumber.unsigned(seconds).append(to: &bytes)
        append(".", to: &bytes)
        var divisor: UInt64 = 100_000_000
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: nanoseconds / divisor % 10))
            divisor /= 10
        }
    }

    private static func append(hexadecimal value: UInt64, to bytes: inout [UInt8]) {
        for shift in stride(from: 60, through: 0, by: -4) {
            let digit = UInt8(truncatingIfNeeded: value >> UInt64(shift) & 15)
            bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") - 10 + digit)
        }
    }

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: text.utf8)
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
