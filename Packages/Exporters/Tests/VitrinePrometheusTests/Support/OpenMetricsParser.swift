// SPDX-License-Identifier: MIT OR Apache-2.0

/// A family of an OpenMetrics text.
struct OpenMetricsFamily {
    let name: String
    let type: String
    var unit = ""
    var help = ""
    var lines: [OpenMetricsLine] = []
}

/// Reads OpenMetrics 1.0 and refuses whatever the specification has a MUST against, as far as we could write it.
///
/// https://prometheus.io/docs/specs/om/open_metrics_spec/
enum OpenMetricsParser {
    private static let suffixes: [String: [String]] = [
        "counter": ["_total", "_created"], "gauge": [""], "unknown": [""], "info": ["_info"],
        "histogram": ["_bucket", "_sum", "_count", "_created"],
    ]

    static func families(_ text: String) throws -> [OpenMetricsFamily] {
        guard text.hasSuffix("# EOF\n") else { throw OpenMetricsError("no end", text.suffix(20)) }
        var families: [OpenMetricsFamily] = []
        var taken: Set<String> = []
        for line in text.dropLast("# EOF\n".count).split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            guard line.hasPrefix("#") else {
                guard var family = families.popLast() else { throw OpenMetricsError("line without a type", line) }
                let sample = try OpenMetricsLine(line)
                guard (suffixes[family.type] ?? []).contains(where: { sample.name == family.name + $0 }) else {
                    throw OpenMetricsError("line of another family", line)
                }
                family.lines.append(sample)
                families.append(family)
                continue
            }
            let parts = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false)
            guard parts.count == 4, parts[0] == "#" else { throw OpenMetricsError("bad description", line) }
            let (name, value) = (String(parts[2]), String(parts[3]))
            if parts[1] == "TYPE" {
                guard let endings = suffixes[value] else { throw OpenMetricsError("unknown type", line) }
                let names = Set(endings.map { name + $0 } + [name])
                guard taken.isDisjoint(with: names) else { throw OpenMetricsError("name is taken", line) }
                taken.formUnion(names)
                families.append(OpenMetricsFamily(name: name, type: value))
                continue
            }
            guard var family = families.popLast(), family.name == name, family.lines.isEmpty, family.help.isEmpty else {
                throw OpenMetricsError("description in a wrong place", line)
            }
            switch parts[1] {
            case "UNIT" where family.unit.isEmpty && name.hasSuffix("_" + value) && family.type != "info":
                family.unit = value
            case "HELP":
                var rest = parts[3]
                family.help = try OpenMetricsLine.unescaped(&rest, isQuoted: false, line)
            default: throw OpenMetricsError("bad description", line)
            }
            families.append(family)
        }
        for family in families { try check(family) }
        return families
    }

    private static func check(_ family: OpenMetricsFamily) throws {
        var seen: Set<[String: String]> = []
        var groups: [(labels: [String: String], lines: [OpenMetricsLine])] = []
        for line in family.lines {
            let labels = family.type == "histogram" ? line.labels.filter { $0.key != "le" } : line.labels
            if groups.last?.labels != labels {
                guard seen.insert(labels).inserted else { throw OpenMetricsError("second series", line.name) }
                groups.append((labels, []))
            }
            groups[groups.count - 1].lines.append(line)
            let mayHaveExemplar = line.name.hasSuffix("_bucket") || family.type == "counter"
            guard line.exemplar == nil || mayHaveExemplar && family.type != "gauge" else {
                throw OpenMetricsError("exemplar in a wrong place", line.name)
            }
            guard family.type != "info" || line.text == "1" else { throw OpenMetricsError("info is not 1", line.name) }
            guard !["counter", "histogram"].contains(family.type) || line.value >= 0 else {
                throw OpenMetricsError("negative total", line.name)
            }
        }
        for group in groups {
            if family.type == "histogram" { try checkHistogram(group.lines) }
            if family.type != "histogram", group.lines.count != 1 { throw OpenMetricsError("twice", family.name) }
        }
    }

    private static func checkHistogram(_ lines: [OpenMetricsLine]) throws {
        let buckets = lines.filter { $0.name.hasSuffix("_bucket") }
        var (bound, count) = (-Double.infinity, 0.0)
        for (index, bucket) in buckets.enumerated() {
            guard let text = bucket.labels["le"], let next = OpenMetricsLine.number(text), index == 0 || next > bound,
                bucket.value >= count, !bucket.text.contains(where: { ".e".contains($0) }),
                next.isInfinite || text.contains(where: { ".e".contains($0) })
            else { throw OpenMetricsError("bad bucket", bucket.name) }
            if let exemplar = bucket.exemplar, exemplar.value > next || exemplar.value <= bound {
                throw OpenMetricsError("exemplar of another bucket", bucket.name)
            }
            (bound, count) = (next, bucket.value)
        }
        let sums = lines.filter { $0.name.hasSuffix("_sum") }
        let counts = lines.filter { $0.name.hasSuffix("_count") }
        let hasNegative = buckets.contains { ($0.labels["le"].flatMap(OpenMetricsLine.number) ?? 0) < 0 }
        guard bound == .infinity, sums.count == counts.count, sums.count <= 1, counts.allSatisfy({ $0.value == count }),
            !hasNegative || sums.isEmpty
        else { throw OpenMetricsError("bad histogram", lines.first?.name ?? "") }
    }
}
