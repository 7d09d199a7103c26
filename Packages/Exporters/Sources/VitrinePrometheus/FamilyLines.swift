// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineObservability

/// The lines of one family: its header, and what stands before the number in each line of a series.
struct FamilyLines: Sendable {
    private let name: String
    private let help: String
    private let kind: MetricKind

    init(_ family: MetricFamily) {
        name = MetricName.normalized(family.name)
        help = family.help
        kind = family.kind
    }

    /// What it is and of which type.
    func appendHeader(to bytes: inout [UInt8]) {
        if !help.isEmpty {
            append("# HELP \(name) ", to: &bytes)
            appendEscaped(help, quotes: false, to: &bytes)
            bytes.append(newline)
        }
        append("# TYPE \(name) \(typeName)\n", to: &bytes)
    }

    /// A whole line.
    func append(
        _ labels: [MetricLabel],
        suffix: String = "",
        upperBound: Double? = nil,
        number: PrometheusNumber,
        to bytes: inout [UInt8]
    ) {
        appendStart(labels, suffix: suffix, upperBound: upperBound, to: &bytes)
        number.append(to: &bytes)
        bytes.append(newline)
    }

    /// A line up to its number.
    func appendStart(
        _ labels: [MetricLabel], suffix: String = "", upperBound: Double? = nil, to bytes: inout [UInt8]
    ) {
        append(name, to: &bytes)
        append(suffix, to: &bytes)
        var separator = "{"
        for label in labels {
            append(separator, to: &bytes)
            append(labelName(label), to: &bytes)
            append("=\"", to: &bytes)
            appendEscaped(label.value, quotes: true, to: &bytes)
            bytes.append(quote)
            separator = ","
        }
        if let upperBound {
            append(separator, to: &bytes)
            append("le=\"", to: &bytes)
            PrometheusNumber.double(upperBound).append(to: &bytes)
            bytes.append(quote)
            separator = ","
        }
        append(separator == "," ? "} " : " ", to: &bytes)
    }

    private var newline: UInt8 { UInt8(ascii: "\n") }
    private var quote: UInt8 { UInt8(ascii: "\"") }

    private var typeName: String {
        switch kind {
        case .counter: "counter"
        case .upDownCounter, .gauge: "gauge"
        case .histogram, .exponentialHistogram: "histogram"
        }
    }

    /// In a histogram `le` is the bound's; a label of that name gets what Prometheus puts before names it needs itself.
    private func labelName(_ label: MetricLabel) -> String {
        let name = MetricName.normalizedLabel(label.name)
        return name == "le" && typeName == "histogram" ? "exported_le" : name
    }

    /// The format escapes backslash and line feed everywhere, the double quote in label values only.
    private func appendEscaped(_ text: String, quotes: Bool, to bytes: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): append(#"\\"#, to: &bytes)
            case newline: append(#"\n"#, to: &bytes)
            case quote where quotes: append(#"\""#, to: &bytes)
            default: bytes.append(byte)
            }
        }
    }

    private func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: text.utf8)
    }
}
