// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import VitrineOTLP
import VitrineOTLPExport

/// Takes all requests and answers each in the same way.
final class KeepingTransport: OTLPTransport {
    private let answer: Result<OTLPResponse, OTLPTransportError>
    private let kept = Mutex<[(signal: OTLPSignal, text: String)]>([])

    init(_ answer: Result<OTLPResponse, OTLPTransportError> = .success(OTLPResponse(statusCode: 200))) {
        self.answer = answer
    }

    func send(
        _ signal: OTLPSignal, _ body: [UInt8], timeoutMilliseconds: UInt32
    ) throws(OTLPTransportError) -> OTLPResponse {
        kept.withLock { $0.append((signal, String(decoding: body, as: UTF8.self))) }
        return try answer.get()
    }

    /// The bodies of the requests of a signal, as texts in which the names in them can be found.
    func texts(_ signal: OTLPSignal) -> [String] {
        kept.withLock { $0.filter { $0.signal == signal }.map(\.text) }
    }

    var requestCount: Int { kept.withLock { $0.count } }
}
