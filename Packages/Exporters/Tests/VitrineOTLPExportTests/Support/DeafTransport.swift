// SPDX-License-Identifier: MIT OR Apache-2.0

import Dispatch
import Synchronization
import VitrineOTLP
import VitrineOTLPExport

/// A receiver that answers nothing to the requests of one signal until it is let, and all others at once.
final class DeafTransport: OTLPTransport {
    private let signal: OTLPSignal
    private let askedCounts = Mutex<[OTLPSignal: Int]>([:])
    private let isAsked = DispatchSemaphore(value: 0)
    private let mayAnswer = DispatchSemaphore(value: 0)

    init(to signal: OTLPSignal) { self.signal = signal }

    func send(
        _ signal: OTLPSignal, _ body: [UInt8], timeoutMilliseconds: UInt32
    ) throws(OTLPTransportError) -> OTLPResponse {
        askedCounts.withLock { $0[signal, default: 0] += 1 }
        isAsked.signal()
        if signal == self.signal {
            mayAnswer.wait()
            mayAnswer.signal()
        }
        return OTLPResponse(statusCode: 200)
    }

    /// Waits for a request of a signal, for a minute at most.
    func waitForRequest(_ signal: OTLPSignal) -> Bool {
        while askedCounts.withLock({ $0[signal] ?? 0 }) == 0 {
            if isAsked.wait(timeout: .now() + 60) == .timedOut { return false }
        }
        return true
    }

    /// Answers all that there was and comes.
    func answer() { mayAnswer.signal() }
}
