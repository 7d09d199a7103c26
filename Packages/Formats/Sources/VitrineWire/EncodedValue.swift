// SPDX-License-Identifier: MIT OR Apache-2.0

/// A value as it lies in a message: its type, and its payload without a copy.
///
/// ``MessageReader`` has checked that the payload has the size of its type; the getters check the type, a bool its
/// byte, a string its UTF-8.
public struct EncodedValue: BitwiseCopyable, ~Escapable {
    /// The type that the message names.
    public let type: WireType

    /// The payload without header and padding, borrowed from the message.
    public let payload: RawSpan

    /// Where the payload starts in the message.
    public let payloadOffset: Int

    @inlinable
    @_lifetime(copy payload)
    init(type: WireType, payload: RawSpan, payloadOffset: Int) {
        self.type = type
        self.payload = payload
        self.payloadOffset = payloadOffset
    }

    /// Checks the type.
    @inlinable
    public func expect(_ expected: WireType) throws(WireError) {
        guard type == expected else { throw .wrongType(expected: expected, found: type) }
    }

    /// The value of an ``WireType/int32``.
    @inlinable
    public func int32() throws(WireError) -> Int32 {
        try expect(.int32)
        return Int32(bitPattern: payload.uint32(at: 0))
    }

    /// The value of an ``WireType/uint32``.
    @inlinable
    public func uint32() throws(WireError) -> UInt32 {
        try expect(.uint32)
        return payload.uint32(at: 0)
    }

    /// The value of an ``WireType/int64``.
    @inlinable
    public func int64() throws(WireError) -> Int64 {
        try expect(.int64)
        return Int64(bitPattern: payload.uint64(at: 0))
    }

    /// The value of an ``WireType/uint64``.
    @inlinable
    public func uint64() throws(WireError) -> UInt64 {
        try expect(.uint64)
        return payload.uint64(at: 0)
    }

    /// The value of a ``WireType/float``, bit for bit.
    @inlinable
    public func float() throws(WireError) -> Float {
        try expect(.float)
        return Float(bitPattern: payload.uint32(at: 0))
    }

    /// The value of a ``WireType/double``, bit for bit.
    @inlinable
    public func double() throws(WireError) -> Double {
        try expect(.double)
        return Double(bitPattern: payload.uint64(at: 0))
    }

    /// The value of a ``WireType/bool``: ``WireError/badBool(_:offset:)`` unless the byte is 0 or 1.
    @inlinable
    public func bool() throws(WireError) -> Bool {
        try expect(.bool)
        let byte = payload.uint8(at: 0)
        guard byte <= 1 else { throw .badBool(byte, offset: payloadOffset) }
        return byte == 1
    }

    /// The bytes of a ``WireType/bytes``, borrowed.
    @inlinable
    @_lifetime(copy self)
    public func bytes() throws(WireError) -> RawSpan {
        try expect(.bytes)
        return payload
    }

    /// The text of a ``WireType/string``, borrowed and checked: ``WireError/notUTF8(offset:)``.
    @_lifetime(copy self)
    public func utf8() throws(WireError) -> UTF8Span {
        try expect(.string)
        do throws(UTF8.ValidationError) {
            return try UTF8Span(validating: Span(_bytes: payload))
        } catch {
            throw .notUTF8(offset: payloadOffset &+ error.byteOffsets.lowerBound)
        }
    }

    /// A copy of the text of a ``WireType/string``, checked: ``WireError/notUTF8(offset:)``.
    public func string() throws(WireError) -> String {
        String(copying: try utf8())
    }
}
