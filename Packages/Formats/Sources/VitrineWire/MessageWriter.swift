// SPDX-License-Identifier: MIT OR Apache-2.0

/// Writes one message straight into memory, such as a guest's input buffer.
///
/// Begin with one of the `begin` functions, append as many values as it announces, then ``finish()``. Nothing is
/// allocated; a long payload costs one block copy. After an error the memory holds garbage and the writer is spent.
public struct MessageWriter: ~Copyable, ~Escapable {
    @usableFromInline var memory: MutableRawSpan
    /// Bytes of `memory` that a message can fill: it counts itself in 32 bits.
    @usableFromInline let capacity: Int
    @usableFromInline var offset = 0
    @usableFromInline var declaredValues = 0
    @usableFromInline var writtenValues = 0

    /// A writer whose message starts at the first byte of `memory`.
    @inlinable
    @_lifetime(copy memory)
    public init(_ memory: consuming MutableRawSpan) {
        capacity = min(memory.byteCount, Int(UInt32.max))
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
        offset = 0
        writtenValues = 0
        declaredValues = values
        try reserve(GuestABI.MessageOffset.byteCount &+ paddedToWord(nameByteCount))
        // The header as two words: the byte count is left 0 for `finish`, then kind, number of parameters of a call,
        // bytes of its name, and code or type.
        let parameterCount = kind == .call ? UInt64(truncatingIfNeeded: values) : 0
        memory.storeReserved(UInt64(kind.rawValue) << 32 | parameterCount << 48, at: 0)
        memory.storeReserved(UInt64(truncatingIfNeeded: nameByteCount) | UInt64(codeOrType) << 32, at: 8)
        offset = GuestABI.MessageOffset.byteCount
    }

    /// Writes a value's header, after checking that header and payload fit.
    @inlinable
    mutating func appendHeader(_ type: WireType, byteCount: Int) throws(WireError) {
        guard writtenValues < declaredValues else { throw .valueCount(declared: declaredValues) }
        guard byteCount <= Int(UInt32.max) &- 7 else { throw .messageTooLong(byteCount: byteCount) }
        try reserve(GuestABI.ValueOffset.byteCount &+ paddedToWord(byteCount))
        // The header as one word: type, then the payload's size.
        memory.storeReserved(UInt64(type.rawValue) | UInt64(truncatingIfNeeded: byteCount) << 32, at: offset)
        offset &+= GuestABI.ValueOffset.byteCount
        writtenValues &+= 1
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

    /// Checks that this many bytes fit behind what is written. Neither number comes near an overflow: `offset` is at most
    /// `capacity`, and the callers have bounded the other.
    @inlinable
    @inline(__always)
    func reserve(_ byteCount: Int) throws(WireError) {
        if offset &+ byteCount > capacity { throw doesNotFit(byteCount) }
    }

    @usableFromInline
    @inline(never)
    func doesNotFit(_ byteCount: Int) -> WireError {
        let needed = offset &+ byteCount
        if needed > memory.byteCount { return .insufficientSpace(needed: needed, available: memory.byteCount) }
        return .messageTooLong(byteCount: needed)
    }
}
