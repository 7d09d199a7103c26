// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineHypervisor
import VitrineWire

/// The host's side of the protocol with one guest: what was sent, what was asked, and how the guest stopped.
///
/// Knows nothing of how the guest is run: it is given memory and exits.
struct GuestSession: ~Copyable, Sendable {
    /// How a run ended, as far as the guest's exits say it.
    enum End: Sendable {
        /// It has not.
        case none
        /// The guest rang READY.
        case answered
        /// Its answer is an error; it can go on.
        case refused(SandboxError)
        /// It did something after which it must not go on.
        case failed(SandboxError)
    }

    /// The last host call that brought the guest an error instead of a result.
    struct HostFailure: Sendable {
        let code: GuestABI.ErrorCode
        let function: String
        let cause: any Error
    }

    let buffers: GuestBuffers
    let hostFunctions: HostFunctionTable
    /// Names the sandbox to `HostCallScope`.
    let identity: ObjectIdentifier
    var telemetry: GuestTelemetry
    /// How the current run ended.
    var end = End.none
    /// Whether a kick without a cause came since this was last looked at.
    var wasKicked = false
    var hostFailure: HostFailure?
    /// The number of the host's newest message.
    private(set) var sequence: UInt64 = 0
    /// The number of the call in progress: what a reply to it carries, host calls in between or not.
    private(set) var callSequence: UInt64 = 0
    /// Bytes of the call in progress; replies to host calls lie behind it.
    private(set) var callByteCount = 0

    init(
        buffers: GuestBuffers, hostFunctions: HostFunctionTable, identity: ObjectIdentifier,
        telemetry: consuming GuestTelemetry
    ) {
        self.buffers = buffers
        self.hostFunctions = hostFunctions
        self.identity = identity
        self.telemetry = telemetry
    }

    /// Writes a call into the input buffer and publishes it; the error if it cannot be told.
    mutating func writeCall(
        _ call: borrowing GuestCall, into memory: inout GuestMemory,
        _ encode: (inout MessageWriter) throws(WireError) -> Void
    ) -> SandboxError? {
        if hostFailure != nil { hostFailure = nil }
        guard !call.function.isEmpty else {
            return .replied(code: .unknownFunction, text: "", function: call.function)
        }
        do throws(WireError) {
            callByteCount = try write(
                into: &memory, at: 0, byteCount: buffers.inputByteCount - GuestBuffers.replyReserveByteCount
            ) { (writer: inout MessageWriter) throws(WireError) in
                try writer.beginCall(
                    name: call.function, parameterCount: call.parameterCount, resultType: call.resultType)
                try encode(&writer)
            }
        } catch {
            return .encoding(error, function: call.function)
        }
        publish(offset: 0, byteCount: callByteCount, in: &memory)
        callSequence = sequence
        return nil
    }

    /// Writes a message at an offset of the input buffer; gives its size.
    func write(
        into memory: inout GuestMemory, at offset: Int, byteCount: Int,
        _ body: (inout MessageWriter) throws(WireError) -> Void
    ) throws(WireError) -> Int {
        let span: MutableRawSpan
        do throws(GuestMemoryError) {
            span = try memory.mutableBytes(at: buffers.inputByte(offset), byteCount: byteCount)
        } catch {
            throw .insufficientSpace(needed: GuestABI.MessageOffset.byteCount, available: 0)
        }
        var writer = MessageWriter(span)
        try body(&writer)
        return try writer.finish()
    }

    /// Tells the guest of a message. The control page is always mapped.
    mutating func publish(offset: Int, byteCount: Int, in memory: inout GuestMemory) {
        sequence &+= 1
        let request = ControlPage.Request(sequence: sequence, offset: UInt64(offset), byteCount: UInt64(byteCount))
        guard
            var page = try? memory.mutableBytes(
                at: buffers.controlField(0), byteCount: GuestABI.ControlOffset.byteCount)
        else { return }
        request.write(to: &page)
    }

    /// Lends the message that the mailbox names, if it lies where it may, and belongs to the call in progress or to the
    /// newest message of the host: a guest may name either when it replies.
    func withMessage<Result>(
        in memory: borrowing GuestMemory, _ body: (RawSpan) throws(SandboxError) -> Result
    ) throws(SandboxError) -> Result {
        guard let output = try? memory.bytes(at: buffers.mailboxField(0), byteCount: buffers.outputByteCount),
            let mailbox = try? Mailbox(reading: output)
        else { throw .protocolViolation("the mailbox cannot be read") }
        guard mailbox.replySequence == callSequence || mailbox.replySequence == sequence else {
            throw .protocolViolation("the guest answered message \(mailbox.replySequence), the newest is \(sequence)")
        }
        let range: Range<Int>
        do throws(WireError) {
            range = try mailbox.messageRange(outputByteCount: output.byteCount)
        } catch {
            throw .protocolViolation(
                "the guest's message of \(mailbox.messageByteCount) bytes at offset \(mailbox.messageOffset) is not inside "
                    + "the output buffer of \(output.byteCount) bytes", underlying: error)
        }
        return try body(output.extracting(range))
    }
}
