// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineOTLP

extension Tree {
    /// The records of a request in their order, each with all that is around it: resource, scope, metric, and their schemas.
    func records(_ signal: OTLPSignal) -> [[Tree]] {
        switch signal {
        case .traces: records(["resource_spans", "scope_spans", "spans"])
        case .logs: records(["resource_logs", "scope_logs", "log_records"])
        case .metrics: records(["resource_metrics", "scope_metrics", "metrics", Self.data, "data_points"])
        }
    }

    private static let data = "data"
    private static let kinds = ["gauge", "sum", "histogram", "exponential_histogram", "summary"]

    private func records(_ path: [String]) -> [[Tree]] {
        guard let name = path.first, case .message(var around) = self else { return [[self]] }
        var inner: [Tree] = []
        if name == Self.data {
            for kind in Self.kinds {
                guard let data = around.removeValue(forKey: kind) else { continue }
                around["kind"] = .text(kind)
                inner.append(data)
            }
        } else {
            inner = around.removeValue(forKey: name)?.elements ?? []
        }
        return inner.flatMap { $0.records(Array(path.dropFirst())) }.map { [.message(around)] + $0 }
    }
}
