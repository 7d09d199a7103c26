// SPDX-License-Identifier: MIT OR Apache-2.0

// What a scraper wants, from the headers of its request.

extension PrometheusFormat {
    /// How many bytes of a header are looked at; a longer one counts as none.
    public static let maximumHeaderByteCount = 4_096

    /// The format of an answer to an `Accept` header: the one with the highest q, of equal ones the first named, and `.text`
    /// where the header is absent, makes no sense or takes none of ours, as Prometheus' own libraries do.
    ///
    /// A pure function of at most `maximumHeaderByteCount` bytes and any content.
    public static func negotiated(accept header: String?) -> PrometheusFormat {
        guard let header, header.utf8.count <= maximumHeaderByteCount else { return .text }
        let ranges = MediaRange.list(header)
        var best: (format: PrometheusFormat, quality: Int, position: Int)?
        for format in [PrometheusFormat.text, .openMetrics, .openMetricsDraft] {
            // The most exact of the ranges that take the format says how much it is wanted.
            let matches = ranges.enumerated().compactMap { position, range in
                range.exactness(for: format).map { (exactness: $0, quality: range.quality, position: position) }
            }
            guard let match = matches.max(by: { ($0.exactness, -$0.position) < ($1.exactness, -$1.position) }),
                match.quality > 0
            else { continue }
            if let best, (best.quality, -best.position) >= (match.quality, -match.position) { continue }
            best = (format, match.quality, match.position)
        }
        return best?.format ?? .text
    }

    /// Whether an `Accept-Encoding` header allows gzip, and prefers nothing to it.
    ///
    /// A pure function of at most `maximumHeaderByteCount` bytes and any content.
    public static func acceptsGzip(acceptEncoding header: String?) -> Bool {
        guard let header, header.utf8.count <= maximumHeaderByteCount else { return false }
        var qualities: [String: Int] = [:]
        for element in HeaderElement.list(header) {
            guard let quality = element.quality else { continue }
            let name = element.name == "x-gzip" ? "gzip" : element.name
            qualities[name] = max(qualities[name] ?? 0, quality)
        }
        let gzip = qualities["gzip"] ?? qualities["*"] ?? 0
        return gzip > 0 && gzip >= qualities["identity"] ?? 0
    }
}

/// A range of media types in an `Accept` header.
private struct MediaRange {
    let type: String
    let version: String?
    /// In thousandths.
    let quality: Int

    static func list(_ header: String) -> [MediaRange] {
        HeaderElement.list(header).compactMap { element in
            guard let quality = element.quality, ["utf-8", nil].contains(element.parameters["charset"]) else {
                return nil
            }
            return MediaRange(type: element.name, version: element.parameters["version"], quality: quality)
        }
    }

    /// How exactly the range means a format; nil if it does not take it.
    func exactness(for format: PrometheusFormat) -> Int? {
        let (own, versions): (String, [String]) =
            switch format {
            case .text: ("text/plain", ["0.0.4"])
            case .openMetrics: ("application/openmetrics-text", ["1.0.0"])
            case .openMetricsDraft: ("application/openmetrics-text", ["0.0.1"])
            }
        switch type {
        case own: return version.map { versions.contains($0) ? 3 : nil } ?? 2
        case own.prefix { $0 != "/" } + "/*": return 1
        case "*/*": return 0
        default: return nil
        }
    }
}

/// A name with parameters, as these headers list them.
private struct HeaderElement {
    /// How many elements are looked at.
    static let maximumCount = 32

    let name: String
    let parameters: [String: String]

    static func list(_ header: String) -> [HeaderElement] {
        header.split(separator: ",").prefix(maximumCount).map { text in
            let parts = text.split(separator: ";", omittingEmptySubsequences: false).map(trimmed)
            var parameters: [String: String] = [:]
            for part in parts.dropFirst() {
                let halves = part.split(separator: "=", maxSplits: 1)
                guard halves.count == 2 else { continue }
                var value = trimmed(halves[1])
                if value.count >= 2, value.hasPrefix("\""), value.hasSuffix("\"") {
                    value = String(value.dropFirst().dropLast())
                }
                parameters[trimmed(halves[0])] = value
            }
            return HeaderElement(name: parts[0], parameters: parameters)
        }
    }

    /// The weight in thousandths, 1,000 if nothing is said; nil if what is said is no weight.
    var quality: Int? {
        guard let text = parameters["q"] else { return 1_000 }
        let halves = text.split(separator: ".", omittingEmptySubsequences: false)
        guard let whole = halves.first, whole == "0" || whole == "1", halves.count <= 2 else { return nil }
        let digits = halves.count == 2 ? halves[1] : ""
        guard digits.utf8.count <= 3, digits.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 }),
            let fraction = Int(digits + String(repeating: "0", count: 3 - digits.utf8.count))
        else { return nil }
        let thousandths = (whole == "1" ? 1_000 : 0) + fraction
        return thousandths <= 1_000 ? thousandths : nil
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first == " " || text.first == "\t" { text.removeFirst() }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text.lowercased()
    }
}
