// SPDX-License-Identifier: MIT OR Apache-2.0

/// Where the numbers of one series are, by the kind of its family.
enum SeriesStorage: Sendable {
    case cells(CellLease)
    case gauge(GaugeCell)
    case histogram(HistogramCells)

    /// How many numbers the series has.
    var numberCount: Int {
        switch self {
        case .cells, .gauge: 1
        case .histogram(let cells): cells.lease.count
        }
    }

    /// What its values were measured in, as far as that is kept.
    var exemplars: [MetricExemplar] {
        switch self {
        case .cells(let lease): lease.exemplars?.exemplars { .int64(Int64(clamping: $0)) } ?? []
        case .gauge: []
        case .histogram(let cells): cells.exemplars?.exemplars { .double(Double(bitPattern: $0)) } ?? []
        }
    }
}

/// What a registry keeps of one metric.
struct RegistryFamily: Sendable {
    let descriptor: MetricDescriptor
    let kind: MetricKind
    /// How a histogram's buckets are found.
    let table: BucketTable?
    private let keepsExemplars: Bool
    private(set) var series: [[MetricLabel]: SeriesStorage] = [:]
    private(set) var overflow: SeriesStorage?

    init(_ descriptor: MetricDescriptor, kind: MetricKind, buckets: HistogramBuckets?, keepsExemplars: Bool) {
        self.keepsExemplars = keepsExemplars
        self.descriptor = descriptor
        self.kind = kind
        switch buckets {
        case .explicit(let bounds): table = BucketTable(bounds: bounds.values)
        case .exponential: table = ExponentialBuckets.table
        case nil: table = nil
        }
    }

    /// The series of labels if there is one: that of its own, or the overflow series of a family that is full.
    func known(_ labels: [MetricLabel], limit: Int) -> SeriesStorage? {
        if labels == [.overflow] { return overflow }
        return series[labels] ?? (series.count >= limit ? overflow : nil)
    }

    /// Makes the series that `known` did not find; nil if the process has no cells for it.
    mutating func add(_ labels: [MetricLabel], limit: Int) -> SeriesStorage? {
        guard let storage = newStorage() else { return nil }
        if labels == [.overflow] || series.count >= limit { overflow = storage } else { series[labels] = storage }
        return storage
    }

    /// All series in order, the one of the overflow last.
    var orderedSeries: [(labels: [MetricLabel], storage: SeriesStorage)] {
        let ordered = series.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { ($0.key, $0.value) }
        return ordered + (overflow.map { [([.overflow], $0)] } ?? [])
    }

    private func newStorage() -> SeriesStorage? {
        switch kind {
        case .counter: CellLease(1, keepsExemplars: keepsExemplars).map(SeriesStorage.cells)
        case .upDownCounter: CellLease(1).map(SeriesStorage.cells)
        case .gauge: .gauge(GaugeCell())
        case .histogram, .exponentialHistogram:
            table.flatMap { HistogramCells($0, keepsExemplars: keepsExemplars) }.map(SeriesStorage.histogram)
        }
    }
}
