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
        /// The text that goes to the guest.
        let reply: String
        let cause: any Error
    }

    let buffers: GuestBuffers
    let metrics: SandboxMetrics
    let hostFunctions: HostFunctionTable
    var telemetry: GuestTelemetry
    /// How the current run ended.
    var end = End.none
    /// Whether a kick without a cause came since this was last looked at.
    var wasKicked = false
    var hostFailure: HostFailure?
    /// Of the call in progress, or of the last one.
    var statistics = CallStatistics()
    /// The number of the host's newest message.
    private(set) var sequence: UInt64 = 0
    /// Bytes of the call in progress; replies to host calls lie behind it.
    private(set) var callByteCount = 0

    init(
        buffers: GuestBuffers, metrics: SandboxMetrics, hostFunctions: HostFunctionTable,
        telemetry: consuming GuestTelemetry
    ) {
        self.buffers = buffers
        self.metrics = metrics
        self.hostFunctions = hostFunctions
        self.telemetry = telemetry
    }

    /// Whether the guest has been called; before that it initializes.
    var wasCalled: Bool { sequence != 0 }

    /// Writes a call into the input buffer and publishes it; the error if it cannot be told.
    @inline(__always)
    mutating func writeCall(
        _ function: String, _ call: GuestCall, into memory: inout GuestMemory,
        _ encode: (inout MessageWriter) throws(WireError) -> Void
    ) -> SandboxError? {
        if hostFailure != nil { hostFailure = nil }
        guard !function.isEmpty else {
            return .unnamed
        }
        do throws(WireError) {
            callByteCount = try write(
                into: &memory, at: 0, byteCount: buffers.inputByteCount - GuestBuffers.replyReserveByteCount
            ) { (writer: inout MessageWriter) throws(WireError) in
                try writer.beginCall(
                    name: function, parameterCount: call.parameterCount, resultType: call.resultType)
                try encode(&writer)
            }
        } catch {
            return .encoding(error, function: function)
        }
        statistics.bytesIn = UInt64(callByteCount)
        publish(offset: 0, byteCount: callByteCount, in: &memory)
        return nil
    }

    /// Writes a message at an offset of the input buffer; gives its size.
    @inline(__always)
    mutating func write(
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
    @inline(__always)
    mutating func publish(offset: Int, byteCount: Int, in memory: inout GuestMemory) {
        sequence &+= 1
        let request = ControlPage.Request(sequence: sequence, offset: UInt64(offset), byteCount: UInt64(byteCount))
        guard
            var page = try? memory.mutableBytes(
                at: buffers.controlField(0), byteCount: GuestABI.ControlOffset.byteCount)
        else { return }
        request.write(to: &page)
    }

    /// The message that the mailbox names, if it lies where it may and answers the host's newest message.
    ///
    /// Mutating like all that is on the way of a call: the compiler lends a session that is not to be changed by copying
    /// its 700 bytes.
    @_lifetime(borrow memory)
    mutating func message(in memory: borrowing GuestMemory) throws(SandboxError) -> RawSpan {
        guard let output = try? memory.bytes(at: buffers.mailboxField(0), byteCount: buffers.outputByteCount),
            let mailbox = try? Mailbox(reading: output)
        else { throw .protocolViolation("the mailbox cannot be read") }
        guard mailbox.replySequence == sequence else { throw wrongSequence(mailbox) }
        do throws(WireError) {
            return output.extracting(try mailbox.messageRange(outputByteCount: output.byteCount))
        } catch {
            throw outOfRange(mailbox, error)
        }
    }

    @inline(never)
    private func wrongSequence(_ mailbox: Mailbox) -> SandboxError {
        .protocolViolation("the guest answered message \(mailbox.replySequence), the newest is \(sequence)")
    }

    @inline(never)
    private func outOfRange(_ mailbox: Mailbox, _ error: WireError) -> SandboxError {
        .protocolViolation(
            "the guest's message of \(mailbox.messageByteCount) bytes at offset \(mailbox.messageOffset) is not inside "
                + "the output buffer of \(buffers.outputByteCount) bytes", underlying: error)
    }
}
