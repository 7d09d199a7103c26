// SPDX-License-Identifier: MIT OR Apache-2.0

public import VitrineObservability

/// A registry's snapshot in the Prometheus text format, version 0.0.4.
///
/// https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
///
/// The output is a pure function of the snapshot, in its order, so two scrapes without a change between are equal.
public enum PrometheusText {
    /// What an HTTP response calls this format in `Content-Type`.
    public static let contentType = "text/plain; version=0.0.4; charset=utf-8"

    /// The text of a snapshot; every line ends with a line feed, no families give an empty text.
    public static func render(_ families: [MetricFamily]) -> String {
        var bytes: [UInt8] = []
        render(families, into: &bytes)
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Appends the text of a snapshot to a buffer, which a server keeps from scrape to scrape.
    public static func render(_ families: [MetricFamily], into bytes: inout [UInt8]) {
        for family in families {
            let name = MetricName.normalized(family.name)
            if !family.help.isEmpty {
                append("# HELP \(name) ", to: &bytes)
                appendEscaped(family.help, quotes: false, to: &bytes)
                bytes.append(newline)
            }
            append("# TYPE \(name) \(typeName(family.kind))\n", to: &bytes)
            for series in family.series {
                append(name, to: &bytes)
                appendLabels(series.labels, to: &bytes)
                switch series.value {
                case .counter(let value): append(" \(value)\n", to: &bytes)
                }
            }
        }
    }

    private static let newline = UInt8(ascii: "\n")
    private static let backslash = UInt8(ascii: "\\")
    private static let quote = UInt8(ascii: "\"")

    private static func typeName(_ kind: MetricKind) -> String {
        switch kind {
        case .counter: "counter"
        }
    }

    private static func appendLabels(_ labels: [MetricLabel], to bytes: inout [UInt8]) {
        guard !labels.isEmpty else { return }
        var separator = "{"
        for label in labels {
            append(separator, to: &bytes)
            append(MetricName.normalizedLabel(label.name), to: &bytes)
            append("=\"", to: &bytes)
            appendEscaped(label.value, quotes: true, to: &bytes)
            bytes.append(quote)
            separator = ","
        }
        append("}", to: &bytes)
    }

    /// The format escapes backslash and line feed everywhere, the double quote in label values only.
    private static func appendEscaped(_ text: String, quotes: Bool, to bytes: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case backslash: append(#"\\"#, to: &bytes)
            case newline: append(#"\n"#, to: &bytes)
            case quote where quotes: append(#"\""#, to: &bytes)
            default: bytes.append(byte)
            }
        }
    }

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: text.utf8)
    }
}
