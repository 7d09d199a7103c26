// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineObservability

/// The lines of one family: its header, and what stands before the number in each line of a series.
struct FamilyLines: Sendable {
    let type: FamilyType
    let format: PrometheusFormat
    /// What the lines of its series begin with.
    private let name: String
    private let familyName: String
    private let help: String
    /// The word of the unit, if the name of the family ends in it.
    private let unit: String?

    init(_ family: MetricFamily, name: String, familyName: String, type: FamilyType, format: PrometheusFormat) {
        self.type = type
        self.format = format
        self.name = name
        self.familyName = familyName
        help = family.help
        unit = family.unit.word.flatMap { familyName.hasSuffix("_" + $0) ? $0 : nil }
    }

    /// What it is and of which type.
    func appendHeader(to bytes: inout [UInt8]) {
        let type = "# TYPE \(familyName) \(type.rawValue)\n"
        if format.isOpenMetrics {
            append(type, to: &bytes)
            if let unit { append("# UNIT \(familyName) \(unit)\n", to: &bytes) }
            appendHelp(to: &bytes)
        } else {
            appendHelp(to: &bytes)
            append(type, to: &bytes)
        }
    }

    private func appendHelp(to bytes: inout [UInt8]) {
        guard !help.isEmpty else { return }
        append("# HELP \(familyName) ", to: &bytes)
        PrometheusEscaping.append(help, quotes: format.isOpenMetrics, to: &bytes)
        bytes.append(newline)
    }

    /// A whole line.
    func append(
        _ labels: [MetricLabel],
        suffix: String = "",
        upperBound: Double? = nil,
        number: PrometheusNumber,
        exemplar: MetricExemplar? = nil,
        to bytes: inout [UInt8]
    ) {
        appendStart(labels, suffix: suffix, upperBound: upperBound, to: &bytes)
        number.append(to: &bytes)
        if let exemplar { ExemplarText.append(exemplar, to: &bytes) }
        bytes.append(newline)
    }

    /// A line up to its number.
    func appendStart(
        _ labels: [MetricLabel], suffix: String = "", upperBound: Double? = nil, to bytes: inout [UInt8]
    ) {
        append(name, to: &bytes)
        append(suffix, to: &bytes)
        var separator = "{"
        var names: [String] = []
        for label in labels {
            let name = labelName(label)
            // A registry has each name once; of labels made by hand the first counts, as with a registry.
            if names.contains(name) { continue }
            names.append(name)
            append(separator, to: &bytes)
            append(name, to: &bytes)
            append("=\"", to: &bytes)
            PrometheusEscaping.append(label.value, quotes: true, to: &bytes)
            bytes.append(quote)
            separator = ","
        }
        if let upperBound {
            append(separator, to: &bytes)
            append("le=\"", to: &bytes)
            if format.isOpenMetrics {
                append(CanonicalNumber.text(upperBound), to: &bytes)
            } else {
                PrometheusNumber.double(upperBound).append(to: &bytes)
            }
            bytes.append(quote)
            separator = ","
        }
        append(separator == "," ? "} " : " ", to: &bytes)
    }

    /// What tells a series of these labels from the others of the family, as a server reads them: in any order, and a label
    /// without a value is none.
    func identity(of labels: [MetricLabel]) -> [UInt8] {
        var names: Set<String> = []
        var shown: [(name: String, value: String)] = []
        for label in labels {
            let name = labelName(label)
            if names.insert(name).inserted, !label.value.isEmpty { shown.append((name, label.value)) }
        }
        var identity: [UInt8] = []
        for (name, value) in shown.sorted(by: { $0.name < $1.name }) {
            // 0xFF is in no text.
            identity.append(contentsOf: name.utf8)
            identity.append(0xff)
            identity.append(contentsOf: value.utf8)
            identity.append(0xff)
        }
        return identity
    }

    private var newline: UInt8 { UInt8(ascii: "\n") }
    private var quote: UInt8 { UInt8(ascii: "\"") }

    /// In a histogram `le` is the bound's; a label of that name gets what Prometheus puts before names it needs itself.
    private func labelName(_ label: MetricLabel) -> String {
        let name = MetricName.normalizedLabel(label.name)
        return name == "le" && type == .histogram ? "exported_le" : name
    }

    private func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(contentsOf: text.utf8)
    }
}

/// What both formats escape: backslash and line feed everywhere, the double quote in the values of labels, and OpenMetrics
/// also in help.
enum PrometheusEscaping {
    static func append(_ text: String, quotes: Bool, to bytes: inout [UInt8]) {
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\\"): bytes.append(contentsOf: #"\\"#.utf8)
            case UInt8(ascii: "\n"): bytes.append(contentsOf: #"\n"#.utf8)
            case UInt8(ascii: "\"") where quotes: bytes.append(contentsOf: #"\""#.utf8)
            default: bytes.append(byte)
            }
        }
    }
}
