// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineHypervisor
import VitrineObservability
import VitrineWire

extension GuestSession {
    /// What goes back to the guest for a host call.
    private enum Reply {
        case value(any WireValue)
        case error(code: GuestABI.ErrorCode, text: String)
    }

    /// Serves the host call in the mailbox and writes the reply. Throws only if the guest broke the protocol.
    mutating func serveHostCall(_ memory: inout GuestMemory) throws(SandboxError) {
        hostFailure = nil
        let reply = try answer(try message(in: memory))
        write(reply, into: &memory)
    }

    /// Runs the function that a call names; notes what failed, if something does.
    @inline(never)
    private mutating func answer(_ message: RawSpan) throws(SandboxError) -> Reply {
        var reader: MessageReader
        do throws(WireError) {
            reader = try MessageReader(message)
        } catch {
            throw .protocolViolation("the guest's host call cannot be read", underlying: error)
        }
        guard case .call(_, let resultType) = reader.header else {
            throw .protocolViolation("the guest rang for a host call, and left no call")
        }
        guard let function = hostFunctions.function(named: reader.name) else {
            hostFailure = Self.unknown(GuestStrings.repaired(reader.name))
            return .error(code: .unknownFunction, text: "the host has no function of this name")
        }
        guard function.resultType == resultType else {
            let text = "it returns \(function.resultType), not \(resultType)"
            hostFailure = Self.mismatch(function, .wrongResult, text)
            return .error(code: .wrongResult, text: text)
        }
        do throws(HostFunction.Failure) {
            return .value(try call(function, &reader))
        } catch {
            switch error {
            case .malformed(let error):
                throw .protocolViolation("the guest's host call cannot be read", underlying: error)
            case .wrongParameters(let text):
                hostFailure = Self.mismatch(function, .wrongParameters, text)
                return .error(code: .wrongParameters, text: text)
            case .thrown(let cause):
                hostFailure = HostFailure(code: .hostFunctionFailed, function: function.name, cause: cause)
                return .error(code: .hostFunctionFailed, text: GuestText.bounded(String(describing: cause)))
            }
        }
    }

    /// Runs a host function, in a span below the guest's if somebody listens.
    private func call(
        _ function: HostFunction, _ reader: inout MessageReader
    ) throws(HostFunction.Failure) -> any WireValue {
        guard Telemetry.isEnabled(.info) else { return try function.invoke(&reader) }
        let parent = telemetry.spans.innermost.map(ParentSpan.span) ?? .current
        return try withSpan(
            "call-to-host", target: "vitrine.host", parent: parent, [Field("function", function.name)]
        ) { () throws(HostFunction.Failure) in
            try function.invoke(&reader)
        }
    }

    /// Writes a reply behind the call's message; what does not fit becomes an error that does.
    @inline(never)
    private mutating func write(_ reply: Reply, into memory: inout GuestMemory) {
        let offset = callByteCount
        let room = buffers.inputByteCount - offset
        let byteCount: Int
        do throws(WireError) {
            byteCount = try write(into: &memory, at: offset, byteCount: room) {
                (writer: inout MessageWriter) throws(WireError) in
                switch reply {
                case .value(let value):
                    try writer.beginResult()
                    try writer.append(value)
                case .error(let code, let text):
                    // The reserve behind a call holds a short text in any case.
                    let short = GuestText.bounded(
                        text, maximumByteCount: max(16, min(room - 64, GuestText.maximumByteCount)))
                    try writer.writeError(code: code, text: short)
                }
            }
        } catch {
            guard case .value = reply else { return }
            hostFailure = HostFailure(code: .bufferTooSmall, function: "", cause: error)
            return write(.error(code: .bufferTooSmall, text: "the result does not fit the input buffer"), into: &memory)
        }
        publish(offset: offset, byteCount: byteCount, in: &memory)
    }

    private static func unknown(_ name: String) -> HostFailure {
        let error = SandboxError(
            .unknownFunction,
            "the guest called the host function “\(GuestText.escaped(name))”, which is not registered",
            advice: "Register it with `SandboxBuilder.hostFunction`.")
        return HostFailure(code: .unknownFunction, function: name, cause: error)
    }

    private static func mismatch(_ function: HostFunction, _ code: GuestABI.ErrorCode, _ text: String) -> HostFailure {
        let error = SandboxError(
            .wrongParameters, "the guest called the host function “\(function.name)” wrongly: \(text)",
            advice: "Give both sides the same types.")
        return HostFailure(code: code, function: function.name, cause: error)
    }
}
