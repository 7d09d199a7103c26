// SPDX-License-Identifier: MIT OR Apache-2.0

/// Writes one message straight into memory, such as a guest's input buffer.
///
/// Begin with one of the `begin` functions, append as many values as it announces, then ``finish()``. Nothing is
/// allocated; a long payload costs one block copy. After an error the memory holds garbage and the writer is spent.
public struct MessageWriter: ~Copyable, ~Escapable {
    @usableFromInline var memory: MutableRawSpan
    @usableFromInline var offset = 0
    @usableFromInline var declaredValues = 0
    @usableFromInline var writtenValues = 0

    /// A writer whose message starts at the first byte of `memory`.
    @inlinable
    @_lifetime(copy memory)
    public init(_ memory: consuming MutableRawSpan) {
        self.memory = memory
    }

    /// Begins a call of the function with this name: then come `parameterCount` values.
    @inlinable
    public mutating func beginCall(
        name: Span<UInt8>, parameterCount: Int, resultType: WireType
    ) throws(WireError) {
        try beginCall(nameByteCount: name.count, parameterCount: parameterCount, resultType: resultType)
        try appendPadded(name.rawBytes)
    }

    /// Begins a call of the function with this name: then come `parameterCount` values.
    @inlinable
    public mutating func beginCall(
        name: String, parameterCount: Int, resultType: WireType
    ) throws(WireError) {
        let byteCount = name.utf8.count
        try beginCall(nameByteCount: byteCount, parameterCount: parameterCount, resultType: resultType)
        // Not `utf8.span`: that is a call of the standard library, dear where this runs with cold caches.
        if memory.copyIfContiguous(name, to: offset) {
            offset += paddedToWord(byteCount)
        } else {
            try appendPadded(name.utf8.span.rawBytes)
        }
    }

    /// Begins a call but for the bytes of its name.
    @inlinable
    mutating func beginCall(nameByteCount: Int, parameterCount: Int, resultType: WireType) throws(WireError) {
        guard parameterCount >= 0, parameterCount <= GuestABI.Limit.parameters else {
            throw .tooManyParameters(parameterCount)
        }
        guard nameByteCount <= GuestABI.Limit.nameBytes else { throw .nameTooLong(byteCount: nameByteCount) }
        try begin(.call, nameByteCount: nameByteCount, codeOrType: resultType.rawValue, values: parameterCount)
        memory.store(UInt16(truncatingIfNeeded: parameterCount), at: GuestABI.MessageOffset.parameterCount)
    }

    /// Begins a result: then comes one value.
    @inlinable
    public mutating func beginResult() throws(WireError) {
        try begin(.result, nameByteCount: 0, codeOrType: 0, values: 1)
    }

    /// Writes a whole error message but for ``finish()``.
    ///
    /// A text longer than ``GuestABI/Limit/errorTextBytes`` is cut at a character's boundary.
    public mutating func writeError(code: GuestABI.ErrorCode, text: Span<UInt8>) throws(WireError) {
        try begin(.error, nameByteCount: 0, codeOrType: code.rawValue, values: 1)
        var byteCount = min(text.count, GuestABI.Limit.errorTextBytes)
        if byteCount < text.count {
            // 0b10xxxxxx continues a character: a cut before it would split that character.
            while byteCount > 0, text[byteCount] & 0xC0 == 0x80 {
                byteCount -= 1
            }
        }
        try append(utf8: text.extracting(0..<byteCount))
    }

    /// Writes a whole error message but for ``finish()``; see ``writeError(code:text:)``.
    public mutating func writeError(code: GuestABI.ErrorCode, text: String) throws(WireError) {
        try writeError(code: code, text: text.utf8.span)
    }

    /// Appends a value.
    @inlinable
    public mutating func append(_ value: borrowing some WireValue) throws(WireError) {
        try value.encode(into: &self)
    }

    /// Completes the header and gives the size of the message: ``WireError/valueCount(declared:)`` if values lack.
    @discardableResult
    @inlinable
    public mutating func finish() throws(WireError) -> Int {
        guard writtenValues == declaredValues, offset > 0 else { throw .valueCount(declared: declaredValues) }
        memory.store(UInt32(truncatingIfNeeded: offset), at: GuestABI.MessageOffset.messageByteCount)
        return offset
    }

    @inlinable
    mutating func begin(
        _ kind: GuestABI.MessageKind, nameByteCount: Int, codeOrType: UInt32, values: Int
    ) throws(WireError) {
        typealias Offset = GuestABI.MessageOffset
        offset = 0
        writtenValues = 0
        declaredValues = values
        try reserve(Offset.byteCount + paddedToWord(nameByteCount))
        memory.store(UInt32(0), at: Offset.messageByteCount)
        memory.store(kind.rawValue, at: Offset.kind)
        memory.store(UInt16(0), at: Offset.parameterCount)
        memory.store(UInt32(nameByteCount), at: Offset.nameByteCount)
        memory.store(codeOrType, at: Offset.codeOrType)
        offset = Offset.byteCount
    }

    /// Writes a value's header, after checking that header and payload fit.
    @inlinable
    mutating func appendHeader(_ type: WireType, byteCount: Int) throws(WireError) {
        guard writtenValues < declaredValues else { throw .valueCount(declared: declaredValues) }
        guard byteCount <= Int(UInt32.max) - 7 else { throw .messageTooLong(byteCount: byteCount) }
        try reserve(GuestABI.ValueOffset.byteCount + paddedToWord(byteCount))
        memory.store(type.rawValue, at: offset + GuestABI.ValueOffset.type)
        memory.store(UInt32(byteCount), at: offset + GuestABI.ValueOffset.payloadByteCount)
        offset += GuestABI.ValueOffset.byteCount
        writtenValues += 1
    }

    /// Copies bytes and their padding; the caller has reserved the space.
    @inlinable
    mutating func appendPadded(_ bytes: RawSpan) throws(WireError) {
        let padded = paddedToWord(bytes.byteCount)
        if padded > bytes.byteCount {
            memory.store(UInt64(0), at: offset + padded - 8)
        }
        memory.copy(bytes, to: offset)
        offset += padded
    }

    @inlinable
    func reserve(_ byteCount: Int) throws(WireError) {
        let needed = offset + byteCount
        guard needed <= memory.byteCount else {
            throw .insufficientSpace(needed: needed, available: memory.byteCount)
        }
        guard needed <= Int(UInt32.max) else { throw .messageTooLong(byteCount: needed) }
    }
}
