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
                no receiver answers (\(error)); what is recorded is kept, as far as there is room, and sent when one does
                """
            )
        case .retry(let signal, _, _): ("retry \(signal)", "\(notice)")
        case .dropped(let signal, _, let reason, _): ("dropped \(signal) \(reason)", "\(notice)")
        case .partialSuccess(let signal, _): ("partial \(signal)", "\(notice)")
        case .split(let signal, _): ("split \(signal)", "\(notice)")
        case .unreadableAnswer, .spoolFailed, .spoolFileRefused: ("\(notice)", "\(notice)")
        }
    }
}
