// SPDX-License-Identifier: MIT OR Apache-2.0

/// The mailbox at the start of the output buffer: which message the guest has left there (`vitrine_mailbox`).
public struct Mailbox: Hashable, Sendable {
    /// The sequence of the newest message that the guest has read.
    public var replySequence: UInt64

    /// From the start of the output buffer.
    public var messageOffset: UInt64

    /// Of the message; 0: none.
    public var messageByteCount: UInt64

    /// A mailbox with these words.
    public init(replySequence: UInt64, messageOffset: UInt64, messageByteCount: UInt64) {
        self.replySequence = replySequence
        self.messageOffset = messageOffset
        self.messageByteCount = messageByteCount
    }

    /// Reads the mailbox of the output buffer; nothing in it is checked but that the buffer can hold one.
    @inlinable
    public init(reading output: RawSpan) throws(WireError) {
        typealias Offset = GuestABI.MailboxOffset
        guard output.byteCount >= Offset.byteCount else {
            throw .truncated(offset: output.byteCount, needed: Offset.byteCount - output.byteCount)
        }
        replySequence = output.uint64(at: Offset.replySequence)
        messageOffset = output.uint64(at: Offset.messageOffset)
        messageByteCount = output.uint64(at: Offset.messageByteCount)
    }

    /// The message's place in an output buffer of this size: behind the mailbox, at a multiple of 8, inside.
    @inlinable
    public func messageRange(outputByteCount: Int) throws(WireError) -> Range<Int> {
        typealias Offset = GuestABI.MailboxOffset
        guard messageOffset >= UInt64(Offset.byteCount), messageOffset.isMultiple(of: 8),
            messageOffset <= UInt64(clamping: outputByteCount)
        else {
            throw .badLength(messageOffset, offset: Offset.messageOffset)
        }
        guard messageByteCount <= UInt64(clamping: outputByteCount) - messageOffset else {
            throw .badLength(messageByteCount, offset: Offset.messageByteCount)
        }
        return Int(messageOffset)..<Int(messageOffset + messageByteCount)
    }

    /// Writes the mailbox: at least ``GuestABI/MailboxOffset/byteCount`` bytes.
    public func write(to output: inout MutableRawSpan) {
        typealias Offset = GuestABI.MailboxOffset
        output.store(replySequence, at: Offset.replySequence)
        output.store(messageOffset, at: Offset.messageOffset)
        output.store(messageByteCount, at: Offset.messageByteCount)
        for word in stride(from: Offset.reserved, to: Offset.byteCount, by: 8) {
            output.store(UInt64(0), at: word)
        }
    }
}
