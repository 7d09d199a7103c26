// SPDX-License-Identifier: MIT OR Apache-2.0

/// Why a text is no OpenMetrics.
struct OpenMetricsError: Error, CustomStringConvertible {
    let description: String

    init(_ reason: String, _ line: some StringProtocol) { description = "\(reason): \(line)" }
}

/// One line with a number, read as the grammar of OpenMetrics says and no other way.
struct OpenMetricsLine: Hashable {
    struct Exemplar: Hashable {
        let labels: [String: String]
        let value: Double
        let time: Double?
    }

    let name: String
    let labels: [String: String]
    let text: String
    let exemplar: Exemplar?

    var value: Double { Self.number(text) ?? .nan }

    init(_ line: Substring) throws {
        var rest = line
        name = Self.take(&rest) { $0.isLetter || $0.isNumber || $0 == "_" || $0 == ":" }
        guard let first = name.first, !first.isNumber else { throw OpenMetricsError("no name", line) }
        labels = rest.first == "{" ? try Self.labels(&rest, line) : [:]
        text = try Self.field(&rest, line)
        guard Self.number(text) != nil else { throw OpenMetricsError("no number", line) }
        guard !rest.isEmpty else {
            exemplar = nil
            return
        }
        guard rest.hasPrefix(" # {") else { throw OpenMetricsError("something behind the number", line) }
        rest.removeFirst(3)
        let exemplarLabels = try Self.labels(&rest, line)
        let value = Self.number(try Self.field(&rest, line))
        let time = rest.isEmpty ? nil : Self.number(try Self.field(&rest, line))
        let count = exemplarLabels.reduce(0) { $0 + $1.key.unicodeScalars.count + $1.value.unicodeScalars.count }
        guard let value, rest.isEmpty, count <= 128 else { throw OpenMetricsError("bad exemplar", line) }
        exemplar = Exemplar(labels: exemplarLabels, value: value, time: time)
    }

    /// A real number, an infinity or NaN; nil for anything else that Swift would read.
    static func number(_ text: String) -> Double? {
        if ["+Inf", "-Inf", "NaN"].contains(text) { return Double(text.lowercased()) }
        guard text.allSatisfy({ $0.isNumber || "+-.e".contains($0) }), text.contains(where: \.isNumber) else {
            return nil
        }
        return Double(text)
    }

    private static func take(_ rest: inout Substring, while isTaken: (Character) -> Bool) -> String {
        let taken = rest.prefix { $0.isASCII && isTaken($0) }
        rest.removeFirst(taken.count)
        return String(taken)
    }

    /// What stands between one space and the next.
    private static func field(_ rest: inout Substring, _ line: Substring) throws -> String {
        guard rest.first == " " else { throw OpenMetricsError("no space", line) }
        rest.removeFirst()
        let field = take(&rest) { $0 != " " }
        if field.isEmpty { throw OpenMetricsError("two spaces, or one at the end", line) }
        return field
    }

    private static func labels(_ rest: inout Substring, _ line: Substring) throws -> [String: String] {
        var labels: [String: String] = [:]
        rest.removeFirst()
        while rest.first != "}" {
            if !labels.isEmpty {
                guard rest.first == "," else { throw OpenMetricsError("no comma", line) }
                rest.removeFirst()
            }
            let name = take(&rest) { $0.isLetter || $0.isNumber || $0 == "_" }
            guard let first = name.first, !first.isNumber, labels[name] == nil, rest.hasPrefix("=\"") else {
                throw OpenMetricsError("bad or second label", line)
            }
            rest.removeFirst(2)
            labels[name] = try unescaped(&rest, line)
        }
        rest.removeFirst()
        return labels
    }

    /// A text up to its quotation mark, or up to the end for the help.
    static func unescaped(_ rest: inout Substring, isQuoted: Bool = true, _ line: Substring) throws -> String {
        var text = String.UnicodeScalarView()
        var scalars = rest.unicodeScalars
        while let scalar = scalars.popFirst() {
            if scalar == "\"" {
                guard isQuoted else { throw OpenMetricsError("quotation mark", line) }
                rest = Substring(scalars)
                return String(text)
            }
            guard scalar == "\\" else {
                text.append(scalar)
                continue
            }
            switch scalars.popFirst() {
            case "n": text.append("\n")
            case "\"": text.append("\"")
            case "\\": text.append("\\")
            default: throw OpenMetricsError("unknown escape", line)
            }
        }
        if isQuoted { throw OpenMetricsError("no end of a text", line) }
        rest = ""
        return String(text)
    }
}
