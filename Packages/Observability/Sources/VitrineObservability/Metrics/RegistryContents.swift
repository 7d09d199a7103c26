// SPDX-License-Identifier: MIT OR Apache-2.0

/// The series of a registry at one moment, in the order of its snapshots, and how their numbers are read.
///
/// A registry keeps one and makes another after a registration, so reading again sorts nothing.
struct RegistryContents: Sendable {
    struct Family: Sendable {
        let descriptor: MetricDescriptor
        let kind: MetricKind
        let series: [(labels: [MetricLabel], storage: SeriesStorage)]
    }

    /// Where numbers come from. Plain, so that reading ten thousand of them counts no references; the families keep the cells.
    private enum Source: Sendable {
        case integer(CellAddress)
        case gauge(Int)
        case histogram(CellAddress, count: Int)
    }

    /// Of the registry when this was made.
    let revision: UInt64
    let families: [Family]
    private var sources: [Source] = []
    private var gauges: [GaugeCell] = []
    /// How many numbers all series have.
    private var numberCount = 0
    private let keepsExemplars: Bool

    init(revision: UInt64, families: [String: RegistryFamily], keepsExemplars: Bool) {
        self.keepsExemplars = keepsExemplars
        self.revision = revision
        self.families = families.sorted { $0.key < $1.key }.map { _, family in
            Family(descriptor: family.descriptor, kind: family.kind, series: family.orderedSeries)
        }
        for (_, storage) in self.families.flatMap(\.series) {
            numberCount += storage.numberCount
            switch storage {
            case .cells(let lease): sources.append(.integer(lease.address))
            case .gauge(let cell):
                sources.append(.gauge(gauges.count))
                gauges.append(cell)
            case .histogram(let cells): sources.append(.histogram(cells.lease.address, count: cells.lease.count))
            }
        }
    }

    /// Puts the numbers of all series into an array, which it makes as long as they are; no allocation if it was.
    func read(into numbers: inout [UInt64]) {
        if numbers.count != numberCount { numbers = [UInt64](repeating: 0, count: numberCount) }
        CellPool.shared.withTotals { totals in
            var position = 0
            for source in sources {
                switch source {
                case .integer(let address):
                    numbers[position] = totals.integer(at: address)
                    position += 1
                case .gauge(let index):
                    numbers[position] = gauges[index].value.bitPattern
                    position += 1
                case .histogram(let address, let count):
                    numbers[position + HistogramCells.sum] = totals.double(at: address).bitPattern
                    for offset in HistogramCells.rejected..<count {
                        numbers[position + offset] = totals.integer(at: address, offset)
                    }
                    position += count
                }
            }
        }
    }

    /// The exemplars of each series in order; nothing at all where none are kept. To be read before the numbers: then each
    /// exemplar's value is among them.
    var exemplars: [[MetricExemplar]] {
        keepsExemplars ? families.flatMap { $0.series.map(\.storage.exemplars) } : []
    }

    /// The families with values made of numbers that `read` gave, and what `exemplars` gave.
    func families(_ numbers: [UInt64], _ exemplars: [[MetricExemplar]]) -> [MetricFamily] {
        var position = 0
        var index = 0
        return families.map { family in
            let series = family.series.map { labels, storage in
                let end = position + storage.numberCount
                defer { (position, index) = (end, index + 1) }
                return MetricSeries(
                    labels: labels, value: Self.value(family.kind, storage, numbers[position..<end]),
                    exemplars: exemplars.isEmpty ? [] : exemplars[index])
            }
            return MetricFamily(
                name: family.descriptor.name,
                unit: family.descriptor.unit,
                help: family.descriptor.help,
                kind: family.kind,
                series: series
            )
        }
    }

    private static func value(
        _ kind: MetricKind, _ storage: SeriesStorage, _ numbers: ArraySlice<UInt64>
    ) -> MetricValue {
        let first = numbers.first ?? 0
        switch storage {
        case .cells: return kind == .counter ? .counter(first) : .upDownCounter(Int64(bitPattern: first))
        case .gauge: return .gauge(Double(bitPattern: first))
        case .histogram(let cells):
            if kind == .exponentialHistogram {
                return .exponentialHistogram(ExponentialHistogramValue(numbers: numbers))
            }
            return .histogram(HistogramValue(bounds: cells.table.bounds, numbers: numbers))
        }
    }
}
