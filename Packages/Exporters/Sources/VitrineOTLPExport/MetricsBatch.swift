// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineOTLP
import VitrineObservability

/// The metrics of one collection, or a part of them, on their way in one request.
struct MetricsBatch: Sendable {
    let families: [MetricFamily]
    /// When they were collected. It stays, however often they are sent.
    let time: Timestamp
    let pointCount: Int
    var failureCount = 0

    init(_ families: [MetricFamily], at time: Timestamp) {
        self.families = families
        self.time = time
        pointCount = families.reduce(0) { $0 + $1.pointCount }
    }

    /// Two requests instead of one: each has half of the families, or of the series of the only one. nil for a single point.
    var halves: (MetricsBatch, MetricsBatch)? {
        if families.count > 1 {
            let middle = families.count / 2
            return (part(families[..<middle]), part(families[middle...]))
        }
        guard let family = families.first, family.series.count > 1 else { return nil }
        let middle = family.series.count / 2
        return (part([family.part(0..<middle)]), part([family.part(middle..<family.series.count)]))
    }

    private func part(_ families: some Sequence<MetricFamily>) -> MetricsBatch {
        var batch = MetricsBatch(Array(families), at: time)
        batch.failureCount = failureCount
        return batch
    }
}

extension MetricFamily {
    fileprivate func part(_ range: Range<Int>) -> MetricFamily {
        MetricFamily(name: name, unit: unit, help: help, kind: kind, series: Array(series[range]))
    }
}
