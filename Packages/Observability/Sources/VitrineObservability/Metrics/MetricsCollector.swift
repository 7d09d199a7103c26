// SPDX-License-Identifier: MIT OR Apache-2.0

/// Reads a registry again and again, without an allocation as long as nothing new is registered and no exemplars are kept.
///
/// For exporters that prepare names and labels once. Each series has so many numbers, one series after the other in the
/// order of `families`:
///
/// | kind | numbers |
/// |---|---|
/// | counter | the total |
/// | up-down counter | the sum, an Int64's bits |
/// | gauge | the value, a Double's bits |
/// | histogram | the sum, a Double's bits; how many were rejected; the bucket counts |
/// | exponential histogram | the same, to be given to `ExponentialHistogramValue(numbers:)` |
public struct MetricsCollector: Sendable {
    /// The registry that is read.
    public let registry: MetricsRegistry
    /// All families, with the values that they had when the last of them was registered or later.
    public private(set) var families: [MetricFamily] = []
    /// The numbers of all series, as of the last `collect`.
    public private(set) var numbers: [UInt64] = []
    /// How many numbers a series has, by the place of its family in `families`.
    public private(set) var numbersPerSeries: [Int] = []
    /// The exemplars of each series in order, as of the last `collect`; nothing at all of a registry that keeps none. Those
    /// of `families` are as old as its values.
    public private(set) var exemplars: [[MetricExemplar]] = []

    private var contents: RegistryContents?

    /// A collector that has read nothing yet.
    public init(_ registry: MetricsRegistry) {
        self.registry = registry
    }

    /// Reads all numbers now; true if `families` are others than before, and so is the order of the numbers.
    ///
    /// Costs a few nanoseconds for each number and thread. Threads that begin or end wait for it; counting does not.
    public mutating func collect() -> Bool {
        let contents = registry.contents
        exemplars = contents.exemplars
        contents.read(into: &numbers)
        if let known = self.contents, known.revision == contents.revision { return false }
        self.contents = contents
        families = contents.families(numbers, exemplars)
        numbersPerSeries = contents.families.map { $0.series.first?.storage.numberCount ?? 0 }
        return true
    }
}

extension MetricsRegistry {
    /// All families and their values now, ordered by name and by labels. Each value is exact; instruments that are used
    /// meanwhile are caught before or after, one by one. The count of a histogram is always that of its buckets; its sum may
    /// be ahead or behind by the values that are just being recorded. Exemplars come along where the registry keeps them.
    public func snapshot() -> [MetricFamily] {
        let contents = contents
        let exemplars = contents.exemplars
        var numbers: [UInt64] = []
        contents.read(into: &numbers)
        return contents.families(numbers, exemplars)
    }
}
