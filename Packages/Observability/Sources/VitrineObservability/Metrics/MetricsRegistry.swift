// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization

/// Where metrics are registered by name and from where exporters take their snapshots.
///
/// A wrong name never stops a program: it is normalized as `MetricName` describes. Labels with an empty value are left
/// out, since Prometheus takes them for absent; of two labels of the same name the first counts. Families that come to
/// the same name are one family, with the help text of the first.
public final class MetricsRegistry: Sendable {
    /// The registry of the process, which the sandbox counts in.
    public static let shared = MetricsRegistry()

    /// The default of `maximumSeriesPerFamily`.
    public static let defaultMaximumSeriesPerFamily = 1_000

    /// The label of the one series that takes all combinations beyond the maximum, with the value `true`:
    /// OpenTelemetry's `otel.metric.overflow` as Prometheus spells it.
    public static let overflowLabel = "otel_metric_overflow"

    /// How many combinations of labels a family keeps apart; the overflow series comes on top.
    public let maximumSeriesPerFamily: Int

    private struct Family {
        let help: String
        var cells: [[MetricLabel]: CounterCell] = [:]
        var overflow: CounterCell?

        /// The cell of a combination, a new one while there is room, the overflow cell after that.
        mutating func cell(for labels: [MetricLabel], limit: Int) -> CounterCell {
            if let known = cells[labels] { return known }
            let cell = cells.count < limit ? CounterCell() : overflow ?? CounterCell()
            if cells.count < limit { cells[labels] = cell } else { overflow = cell }
            return cell
        }
    }

    private let families = Mutex<[String: Family]>([:])

    /// An empty registry. A maximum below 1 counts as 1.
    public init(maximumSeriesPerFamily: Int = MetricsRegistry.defaultMaximumSeriesPerFamily) {
        self.maximumSeriesPerFamily = max(1, maximumSeriesPerFamily)
    }

    /// The counter of a name and labels, registered at zero if it is new.
    ///
    /// Takes a lock and hashes: do it once, keep the handle. Once the family is full, every new combination gets the
    /// overflow series.
    public func counter(_ name: String, help: String, labels: [(String, String)] = []) -> Counter {
        let name = MetricName.normalized(name)
        let labels = Self.normalized(labels)
        return families.withLock { families in
            Counter(families[name, default: Family(help: help)].cell(for: labels, limit: maximumSeriesPerFamily))
        }
    }

    /// All families and their values now, ordered by name and by labels. Each value is exact; counters that are
    /// incremented meanwhile are caught before or after, one by one.
    public func snapshot() -> [MetricFamily] {
        let families = families.withLock { $0 }
        return families.sorted { $0.key < $1.key }.map { name, family in
            var cells = family.cells.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { ($0.key, $0.value) }
            if let overflow = family.overflow {
                cells.append(([MetricLabel(name: Self.overflowLabel, value: "true")], overflow))
            }
            return MetricFamily(
                name: name,
                help: family.help,
                kind: .counter,
                series: cells.map { labels, cell in
                    MetricSeries(labels: labels, value: .counter(cell.value.load(ordering: .relaxed)))
                }
            )
        }
    }

    private static func normalized(_ labels: [(String, String)]) -> [MetricLabel] {
        var result: [MetricLabel] = []
        for (name, value) in labels where !value.isEmpty {
            let name = MetricName.normalizedLabel(name)
            guard name != overflowLabel, !result.contains(where: { $0.name == name }) else { continue }
            result.append(MetricLabel(name: name, value: value))
        }
        return result.sorted()
    }
}
