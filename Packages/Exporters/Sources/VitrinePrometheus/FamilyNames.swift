// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineObservability

/// Which names the families of one text have taken, so that no two lines of it can be taken for one another.
///
/// The lines of a series are called alike in both formats. OpenMetrics wants more of a counter than the older format: its
/// lines end in `_total`, its family is called without that, and nothing else is. A counter that is not so has the type
/// `unknown` there, which keeps its name. Whatever is left of a collision, which a registry has none of, is ended as a
/// registry ends it: the later family gets its kind behind its name.
struct FamilyNames {
    let format: PrometheusFormat
    private var taken: Set<String> = []

    init(_ format: PrometheusFormat, hasTarget: Bool) {
        self.format = format
        if hasTarget { taken = format.isOpenMetrics ? ["target", "target_info"] : ["target_info"] }
    }

    /// The lines of a family under names that are now its own.
    mutating func lines(of family: MetricFamily) -> FamilyLines {
        var name = MetricName.normalized(family.name)
        while true {
            for (familyName, type) in candidates(name, family.kind) {
                let names = Self.names(of: type, familyName, line: name, format)
                guard taken.isDisjoint(with: names) else { continue }
                taken.formUnion(names)
                return FamilyLines(family, name: name, familyName: familyName, type: type, format: format)
            }
            name += "_" + Self.type(of: family.kind).rawValue
        }
    }

    /// What a family of a name may be, the best first.
    private func candidates(_ name: String, _ kind: MetricKind) -> [(familyName: String, type: FamilyType)] {
        let type = Self.type(of: kind)
        guard format.isOpenMetrics, type == .counter else { return [(name, type)] }
        let total = "_total"
        let base = String(name.dropLast(total.count))
        let isCounter = name.hasSuffix(total) && MetricName.isValid(base)
        return (isCounter ? [(base, .counter)] : []) + [(name, .unknown)]
    }

    private static func type(of kind: MetricKind) -> FamilyType {
        switch kind {
        case .counter: .counter
        case .upDownCounter, .gauge: .gauge
        case .histogram, .exponentialHistogram: .histogram
        }
    }

    /// The names that a family and its lines have or, in OpenMetrics, could have.
    private static func names(
        of type: FamilyType, _ familyName: String, line: String, _ format: PrometheusFormat
    ) -> Set<String> {
        var names: Set<String> = [familyName, line]
        if type == .histogram { names.formUnion(["_bucket", "_sum", "_count"].map { familyName + $0 }) }
        if format.isOpenMetrics, type == .histogram || type == .counter { names.insert(familyName + "_created") }
        return names
    }
}

/// The types of families by the words of the formats.
enum FamilyType: String, Sendable {
    case counter, gauge, histogram, info, unknown
}
