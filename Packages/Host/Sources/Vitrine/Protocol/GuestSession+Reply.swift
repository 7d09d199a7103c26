// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineHypervisor
import VitrineWire

extension GuestSession {
    /// Reads the guest's answer to the call, after it rang READY.
    func readReply(
        to function: String, in memory: borrowing GuestMemory,
        _ decode: (EncodedValue) throws(WireError) -> Void
    ) -> End {
        do throws(SandboxError) {
            return try withMessage(in: memory) { (message: RawSpan) throws(SandboxError) -> End in
                do throws(WireError) {
                    var reader = try MessageReader(message)
                    let value = try reader.nextValue()
                    try reader.finish()
                    switch reader.header {
                    case .result:
                        try decode(value)
                        return .answered
                    case .error(let code):
                        let text = GuestText.bounded(try value.string())
                        return .refused(replyError(code: code, text: text, function: function))
                    case .call:
                        throw .badKind(GuestABI.MessageKind.call.rawValue)
                    }
                } catch {
                    throw .protocolViolation("the guest's reply cannot be read", underlying: error)
                }
            }
        } catch {
            return .failed(error)
        }
    }

    /// What an error reply means: the guest's own, or that of a host function that it hands on.
    private func replyError(code: GuestABI.ErrorCode, text: String, function: String) -> SandboxError {
        guard let hostFailure, hostFailure.code == code else {
            return .replied(code: code, text: text, function: function)
        }
        return SandboxError(
            .hostFunctionFailed,
            "the host function “\(GuestText.escaped(hostFailure.function))” failed, and the guest's function "
                + "“\(GuestText.escaped(function))” of it",
            guestCode: code.rawValue, underlying: hostFailure.cause)
    }

    /// What the guest says in its abort. An abort without a readable message is one all the same.
    func abortError(in memory: borrowing GuestMemory) -> SandboxError {
        let said = try? withMessage(in: memory) {
            (message: RawSpan) throws(SandboxError) -> SandboxError in
            do throws(WireError) {
                var reader = try MessageReader(message)
                guard case .error(let code) = reader.header else { throw .badKind(0) }
                let value = try reader.nextValue()
                try reader.finish()
                let text = GuestStrings.repaired(
                    Span(_bytes: value.payload.extracting(first: GuestText.maximumByteCount)))
                return .aborted(code: code, text: GuestText.bounded(text))
            } catch {
                throw .protocolViolation("the guest's last message cannot be read", underlying: error)
            }
        }
        return said ?? .aborted(code: .panic, text: "")
    }
}
