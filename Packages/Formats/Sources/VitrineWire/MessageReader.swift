// SPDX-License-Identifier: MIT OR Apache-2.0

/// Reads one message in place: its header at once, then its values one by one.
///
/// Total: any bytes give a value or a ``WireError``. Strict: the message fills the given bytes exactly, fields that a
/// kind does not use are zero, and nothing is left over after the last value; only padding may hold anything.
/// Nothing is copied or allocated until a value asks for it. Call ``finish()`` after the last value.
public struct MessageReader: BitwiseCopyable, ~Escapable {
    /// What the header says, by kind.
    public enum Header: Equatable, BitwiseCopyable, Sendable {
        /// A call with this many parameters, which expects a result of this type.
        case call(parameterCount: Int, resultType: WireType)

        /// A result: one value.
        case result

        /// An error: one string value, the text.
        case error(code: GuestABI.ErrorCode)
    }

    /// The header.
    public let header: Header

    @usableFromInline let message: RawSpan
    @usableFromInline let nameByteCount: Int
    @usableFromInline let declaredValues: Int
    @usableFromInline var readValues = 0
    @usableFromInline var offset: Int

    /// Reads the header of the message that fills `message`. O(1).
    @inlinable
    @_lifetime(copy message)
    public init(_ message: RawSpan) throws(WireError) {
        typealias Offset = GuestABI.MessageOffset
        guard message.byteCount >= Offset.byteCount else {
            throw .truncated(offset: message.byteCount, needed: Offset.byteCount - message.byteCount)
        }
        // The header as two words: byte count, kind and number of parameters, then bytes of the name, and code or type.
        let (first, second) = (message.checkedWord(at: 0), message.checkedWord(at: 8))
        let byteCount = Int(UInt32(truncatingIfNeeded: first))
        guard byteCount.isMultiple(of: 8), byteCount >= Offset.byteCount else {
            throw .badLength(UInt64(byteCount), offset: Offset.messageByteCount)
        }
        guard byteCount <= message.byteCount else {
            throw .truncated(offset: message.byteCount, needed: byteCount - message.byteCount)
        }
        guard byteCount == message.byteCount else { throw .trailingBytes(count: message.byteCount - byteCount) }

        let kind = UInt16(truncatingIfNeeded: first >> 32)
        let parameterCount = Int(truncatingIfNeeded: first >> 48)
        let nameByteCount = Int(UInt32(truncatingIfNeeded: second))
        let codeOrType = UInt32(truncatingIfNeeded: second >> 32)
        switch GuestABI.MessageKind(rawValue: kind) {
        case .call:
            guard parameterCount <= GuestABI.Limit.parameters else { throw .tooManyParameters(parameterCount) }
            guard nameByteCount <= GuestABI.Limit.nameBytes else { throw .nameTooLong(byteCount: nameByteCount) }
            guard let type = WireType(rawValue: codeOrType) else {
                throw .badType(codeOrType, offset: Offset.codeOrType)
            }
            header = .call(parameterCount: parameterCount, resultType: type)
            declaredValues = parameterCount
        case .result:
            guard codeOrType == 0 else { throw .badReserved(offset: Offset.codeOrType) }
            header = .result
            declaredValues = 1
        case .error:
            header = .error(code: GuestABI.ErrorCode(rawValue: codeOrType))
            declaredValues = 1
        case nil:
            throw .badKind(kind)
        }
        if kind != GuestABI.MessageKind.call.rawValue {
            guard parameterCount == 0 else { throw .badReserved(offset: Offset.parameterCount) }
            guard nameByteCount == 0 else { throw .badReserved(offset: Offset.nameByteCount) }
        }
        let afterName = Offset.byteCount + paddedToWord(nameByteCount)
        guard afterName <= byteCount else { throw .truncated(offset: byteCount, needed: afterName - byteCount) }
        self.message = message
        self.nameByteCount = nameByteCount
        offset = afterName
    }

    /// The bytes of a call's function name, borrowed; not checked to be UTF-8. Empty for other kinds.
    public var name: Span<UInt8> {
        @inlinable
        @_lifetime(copy self)
        get {
            let start = GuestABI.MessageOffset.byteCount
            return Span(_bytes: message.extracting(start..<(start + nameByteCount)))
        }
    }

    /// How many values ``nextValue()`` still gives.
    @inlinable public var remainingValues: Int { declaredValues - readValues }

    /// The next value, borrowed: ``WireError/valueCount(declared:)`` after the last. O(1).
    @inlinable
    @_lifetime(copy self)
    public mutating func nextValue() throws(WireError) -> EncodedValue {
        guard readValues < declaredValues else { throw .valueCount(declared: declaredValues) }
        let available = message.byteCount &- offset
        guard available >= GuestABI.ValueOffset.byteCount else {
            throw .truncated(offset: message.byteCount, needed: GuestABI.ValueOffset.byteCount - available)
        }
        // The header as one word: type, then the payload's size.
        let word = message.checkedWord(at: offset)
        let rawType = UInt32(truncatingIfNeeded: word)
        guard let type = WireType(rawValue: rawType) else { throw .badType(rawType, offset: offset) }
        let byteCount = Int(truncatingIfNeeded: word >> 32)
        if let fixed = type.fixedByteCount, fixed != byteCount {
            throw .badLength(UInt64(byteCount), offset: offset + GuestABI.ValueOffset.payloadByteCount)
        }
        if case .error = header {
            guard type == .string else { throw .wrongType(expected: .string, found: type) }
            guard byteCount <= GuestABI.Limit.errorTextBytes else { throw .errorTextTooLong(byteCount: byteCount) }
        }
        let start = offset &+ GuestABI.ValueOffset.byteCount
        let end = start &+ paddedToWord(byteCount)
        guard end <= message.byteCount else {
            throw .truncated(offset: message.byteCount, needed: end - message.byteCount)
        }
        offset = end
        readValues &+= 1
        let payload = message.extracting(start..<(start + byteCount))
        return EncodedValue(type: type, payload: payload, payloadOffset: start)
    }

    /// Checks that every declared value was read and that nothing follows.
    @inlinable
    public func finish() throws(WireError) {
        guard readValues == declaredValues else { throw .valueCount(declared: declaredValues) }
        guard offset == message.byteCount else { throw .trailingBytes(count: message.byteCount - offset) }
    }
}

/// The next multiple of 8. The argument is a payload's size, at most a UInt32.
@inlinable
@inline(__always)
func paddedToWord(_ byteCount: Int) -> Int {
    (byteCount &+ 7) & ~7
}
