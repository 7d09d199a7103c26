// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineHypervisor
import VitrineObservability
import VitrineWire

extension GuestSession {
    /// Serves the host call in the mailbox and writes the reply. Throws only if the guest broke the protocol.
    mutating func serveHostCall(_ memory: inout GuestMemory) throws(SandboxError) {
        if hostFailure != nil { hostFailure = nil }
        if let (value, function) = try answer(try message(in: memory)) { write(value, of: function, into: &memory) }
        if let hostFailure { write(hostFailure, into: &memory) }
    }

    /// Runs the function that a call names, for its result; nil after noting what failed.
    @inline(never)
    private mutating func answer(_ message: RawSpan) throws(SandboxError) -> (any WireValue, HostFunction)? {
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
            hostFailure = .unknown(GuestStrings.repaired(reader.name))
            return nil
        }
        guard function.resultType == resultType else {
            hostFailure = .mismatch(function, .wrongResult, "it returns \(function.resultType), not \(resultType)")
            return nil
        }
        do throws(HostFunction.Failure) {
            return (try call(function, &reader), function)
        } catch {
            switch error {
            case .malformed(let error):
                throw .protocolViolation("the guest's host call cannot be read", underlying: error)
            case .wrongParameters(let text):
                hostFailure = .mismatch(function, .wrongParameters, text)
            case .thrown(let cause):
                hostFailure = HostFailure(
                    code: .hostFunctionFailed, function: function.name,
                    reply: GuestText.bounded(String(describing: cause)), cause: cause)
            }
            return nil
        }
    }

    /// Runs a host function and counts it, in a span below the guest's if somebody listens.
    private mutating func call(
        _ function: HostFunction, _ reader: inout MessageReader
    ) throws(HostFunction.Failure) -> any WireValue {
        let start = metrics.calls.hasDurations ? MonotonicInstant.now : nil
        do throws(HostFunction.Failure) {
            let value = try callWatched(function, &reader)
            didRun(function, since: start)
            return value
        } catch {
            // With any other failure the function has not run.
            if case .thrown = error { didRun(function, since: start) }
            throw error
        }
    }

    private mutating func didRun(_ function: HostFunction, since start: MonotonicInstant?) {
        statistics.hostCalls &+= 1
        if let start { metrics.calls.recordHostCall(of: function.name, since: start) }
    }

    private func callWatched(
        _ function: HostFunction, _ reader: inout MessageReader
    ) throws(HostFunction.Failure) -> any WireValue {
        guard Telemetry.isEnabled(.error) else { return try function.invoke(&reader) }
        guard let innermost = telemetry.spans.innermost else {
            return try callInSpan(function, &reader, .current).get()
        }
        // Around the span as well: where nobody wants that one, what the function does lies in the guest's all the same.
        return try SpanContext.$current.withValue(innermost) { callInSpan(function, &reader, .span(innermost)) }.get()
    }

    private func callInSpan(
        _ function: HostFunction, _ reader: inout MessageReader, _ parent: ParentSpan
    ) -> Result<any WireValue, HostFunction.Failure> {
        withSpan("call-to-host", target: "vitrine.host", parent: parent, [Field("function", function.name)]) { span in
            do throws(HostFunction.Failure) {
                return .success(try function.invoke(&reader))
            } catch {
                error.tell(&span)
                return .failure(error)
            }
        }
    }

    /// Writes a result behind the call's message; one that does not fit becomes a failure.
    @inline(never)
    private mutating func write(_ value: any WireValue, of function: HostFunction, into memory: inout GuestMemory) {
        let offset = callByteCount
        do throws(WireError) {
            let byteCount = try write(into: &memory, at: offset, byteCount: buffers.inputByteCount - offset) {
                (writer: inout MessageWriter) throws(WireError) in
                try writer.beginResult()
                try writer.append(value)
            }
            publish(offset: offset, byteCount: byteCount, in: &memory)
        } catch {
            hostFailure = .tooLarge(function, error)
        }
    }

    /// Writes an error behind the call's message, where a reserve holds a short text in any case.
    @inline(never)
    private mutating func write(_ failure: HostFailure, into memory: inout GuestMemory) {
        let offset = callByteCount
        let room = buffers.inputByteCount - offset
        let text = GuestText.bounded(
            failure.reply, maximumByteCount: max(16, min(room - 64, GuestText.maximumByteCount)))
        let byteCount = try? write(into: &memory, at: offset, byteCount: room) {
            (writer: inout MessageWriter) throws(WireError) in
            try writer.writeError(code: failure.code, text: text)
        }
        if let byteCount { publish(offset: offset, byteCount: byteCount, in: &memory) }
    }
}

extension GuestSession.HostFailure {
    /// The guest named a function that the host has not.
    fileprivate static func unknown(_ name: String) -> Self {
        let error = SandboxError(
            .unknownFunction,
            "the guest called the host function “\(GuestText.escaped(name))”, which is not registered",
            advice: "Register it with `SandboxBuilder.hostFunction`.")
        return Self(
            code: .unknownFunction, function: name, reply: "the host has no function of this name", cause: error)
    }

    /// What the function returned does not fit behind the call's message.
    fileprivate static func tooLarge(_ function: HostFunction, _ error: WireError) -> Self {
        let cause = SandboxError(
            .messageTooLarge,
            "the result of the host function “\(GuestText.escaped(function.name))” does not fit the input buffer",
            advice: "Raise `memory.input`.", underlying: error)
        return Self(
            code: .bufferTooSmall, function: function.name, reply: "the result does not fit the input buffer",
            cause: cause)
    }

    /// The guest's types are not the function's.
    fileprivate static func mismatch(_ function: HostFunction, _ code: GuestABI.ErrorCode, _ text: String) -> Self {
        let error = SandboxError(
            .wrongParameters, "the guest called the host function “\(function.name)” wrongly: \(text)",
            advice: "Give both sides the same types.")
        return Self(code: code, function: function.name, reply: text, cause: error)
    }
}

extension HostFunction.Failure {
    /// Tells the span of the host call why it failed; the guest may well make nothing of it.
    fileprivate func tell(_ span: inout VitrineObservability.Span) {
        switch self {
        case .thrown(let cause):
            span.recordError(cause)
            // One of another sandbox has been told by the call that brought it.
            if !(cause is SandboxError) { span.recordUnheardError(cause, target: "vitrine.host") }
        // The guest's mistakes are no events: a hostile one could make as many as it likes. Its call tells of what it
        // fails of, and of the end that broken bytes bring.
        case .wrongParameters(let text): span.setError(text)
        case .malformed(let error): span.setError(String(describing: error))
        }
    }
}
