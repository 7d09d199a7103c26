// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import VitrineOTLP
import VitrineOTLPExport

/// Prints what the exporter has to say, each sort of it once: a receiver that is away has every request fail.
final class Notices: Sendable {
    private let said = Mutex<Set<String>>([])

    func hear(_ notice: OTLPExportNotice) {
        let (sort, text) = Self.words(notice)
        if said.withLock({ $0.insert(sort).inserted }) { print(text) }
    }

    private static func words(_ notice: OTLPExportNotice) -> (sort: String, text: String) {
        switch notice {
        case .retry(_, .transport(let error), _):
            (
                "away",
                """
                no receiver answers (\(reason(error))); what is recorded is kept, as far as there is room, and sent when \
                one does
                """
            )
        case .retry(_, let failure, let nanoseconds):
            ("retry", "the receiver asks for patience (\(failure)); next attempt in \(nanoseconds / 1_000_000) ms")
        case .dropped(let signal, let count, let reason, let failure):
            (
                "dropped \(signal) \(reason)",
                "\(count) records of \(signal) are lost, and perhaps more: \(reason.rawValue)"
                    + (failure.map { " (\($0))" } ?? "")
            )
        case .partialSuccess(let signal, let answer):
            (
                "partial \(signal)",
                "the receiver refuses \(answer.rejectedCount) records of \(signal): \(answer.message)"
            )
        case .split, .unreadableAnswer, .spoolFailed, .spoolFileRefused: ("\(notice)", "\(notice)")
        }
    }

    private static func reason(_ error: OTLPTransportError) -> String {
        switch error {
        case .connection(let reason): reason
        case .timeout: "it takes too long"
        }
    }
}
