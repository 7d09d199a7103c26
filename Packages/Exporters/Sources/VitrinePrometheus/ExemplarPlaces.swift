// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineObservability

/// Which lines of a plan may have an exemplar behind their number.
struct ExemplarPlaces: Sendable {
    /// What stands at each place: texts one behind the other, and where each of them is.
    struct Texts {
        var text: [UInt8] = []
        /// Empty where there is nothing at any place.
        var ranges: [Range<Int>] = []
    }

    private struct Series: Sendable {
        let series: Int
        let firstPlace: Int
        /// The bounds of a histogram's buckets, each of which has a place; nil of a counter, which has one.
        let bounds: [Double]?
    }

    private var series: [Series] = []
    private var count = 0

    /// Makes places for a series, the number of which is given, and returns the first.
    mutating func add(ofSeries number: Int, _ bounds: [Double]?) -> Int {
        let first = count
        series.append(Series(series: number, firstPlace: first, bounds: bounds))
        count += bounds.map { $0.count + 1 } ?? 1
        return first
    }

    /// The texts of the exemplars of all series.
    func texts(_ exemplars: [[MetricExemplar]]) -> Texts {
        var texts = Texts()
        guard !exemplars.isEmpty, count > 0 else { return texts }
        texts.ranges = [Range<Int>](repeating: 0..<0, count: count)
        for entry in series where !exemplars[entry.series].isEmpty {
            let found = exemplars[entry.series]
            let placed = entry.bounds.map { ExemplarText.byBucket(found, $0) } ?? [ExemplarText.last(found)]
            for (position, exemplar) in placed.enumerated() {
                guard let exemplar else { continue }
                let start = texts.text.count
                ExemplarText.append(exemplar, to: &texts.text)
                texts.ranges[entry.firstPlace + position] = start..<texts.text.count
            }
        }
        return texts
    }
}
