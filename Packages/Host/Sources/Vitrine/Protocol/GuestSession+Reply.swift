// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineHypervisor
import VitrineWire

extension GuestSession {
    /// Reads the guest's answer to the call, after it rang READY.
    @inline(__always)
    mutating func readReply(
        to function: String, in memory: borrowing GuestMemory,
        _ decode: (EncodedValue) throws(WireError) -> Void
    ) -> End {
        let message: RawSpan
        do throws(SandboxError) { message = try self.message(in: memory) } catch { return .failed(error) }
        statistics.bytesOut = UInt64(message.byteCount)
        do throws(WireError) {
            var reader = try MessageReader(message)
            let value = try reader.nextValue()
            try reader.finish()
            guard case .result = reader.header else { return try readError(reader.header, value, function) }
            try decode(value)
            return .answered
        } catch {
            return .failed(.protocolViolation("the guest's reply cannot be read", underlying: error))
        }
    }

    @inline(never)
    private func readError(
        _ header: MessageReader.Header, _ value: EncodedValue, _ function: String
    ) throws(WireError) -> End {
        guard case .error(let code) = header else { throw .badKind(GuestABI.MessageKind.call.rawValue) }
        let text = GuestText.bounded(try value.string())
        return .refused(replyError(code: code, text: text, function: function))
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
    mutating func abortError(in memory: borrowing GuestMemory) -> SandboxError {
        guard let message = try? message(in: memory), var reader = try? MessageReader(message),
            case .error(let code) = reader.header, let value = try? reader.nextValue(), (try? reader.finish()) != nil
        else { return .aborted(code: .panic, text: "") }
        let text = GuestStrings.repaired(Span(_bytes: value.payload.extracting(first: GuestText.maximumByteCount)))
        return .aborted(code: code, text: GuestText.bounded(text))
    }
}
