// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import VitrineOTLP
import VitrineOTLPExport
import VitrineObservability

/// Metrics that tell which collection they are of: each name ends in its number.
final class ScriptedMetrics: Sendable {
    private let state: Mutex<(collectionCount: Int, familyCount: Int, seriesCount: Int)>

    init(familyCount: Int = 1, seriesCount: Int = 1) {
        state = Mutex((0, familyCount, seriesCount))
    }

    var collectionCount: Int { state.withLock { $0.collectionCount } }

    var source: OTLPMetricsSource {
        OTLPMetricsSource(start: Timestamp(nanosecondsSinceEpoch: 1)) { self.collect() }
    }

    private func collect() -> [MetricFamily] {
        let (collection, familyCount, seriesCount) = state.withLock { state in
            state.collectionCount += 1
            return state
        }
        return (0..<familyCount).map { family in
            let series = (0..<seriesCount).map { number in
                MetricSeries(
                    labels: [MetricLabel(name: "s", value: "series<\(number)>")], value: .counter(UInt64(collection)))
            }
            return MetricFamily(
                name: "collection<\(collection)>family<\(family)>", help: "", kind: .counter, series: series)
        }
    }
}

extension Rig {
    private var metricsRequests: [ScriptedTransport.Request] { transport.requests.filter { $0.signal == .metrics } }

    /// The collection of each request for metrics.
    var sentCollections: [Int] { metricsRequests.map { Rig.numbers("collection", in: $0.body).first ?? -1 } }
    /// The families of each request for metrics.
    var sentFamilies: [[Int]] { metricsRequests.map { Rig.numbers("family", in: $0.body) } }
    /// The series of each request for metrics.
    var sentSeries: [[Int]] { metricsRequests.map { Rig.numbers("series", in: $0.body) } }
    /// When each request for metrics was made, in seconds of the clock from its beginning.
    var sentMetricsTimes: [Double] { metricsRequests.map { Double($0.time - 1_000_000_000) / 1_000_000_000 } }
    /// The bodies of the requests for metrics.
    var sentMetricsBodies: [[UInt8]] { metricsRequests.map(\.body) }
}
