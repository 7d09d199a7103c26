// SPDX-License-Identifier: MIT OR Apache-2.0

extension MessageWriter {
    /// Appends the value of a function that returns nothing.
    @inlinable
    public mutating func appendVoid() throws(WireError) {
        try appendHeader(.void, byteCount: 0)
    }

    /// Appends a string; the caller vouches for the UTF-8. One block copy.
    @inlinable
    public mutating func append(utf8: Span<UInt8>) throws(WireError) {
        try appendHeader(.string, byteCount: utf8.count)
        try appendPadded(utf8.rawBytes)
    }

    /// Appends bytes. One block copy.
    @inlinable
    public mutating func append(bytes: RawSpan) throws(WireError) {
        try appendHeader(.bytes, byteCount: bytes.byteCount)
        try appendPadded(bytes)
    }

    /// Appends bytes. One block copy.
    public mutating func append(bytes: Span<UInt8>) throws(WireError) {
        try append(bytes: bytes.rawBytes)
    }

    @inlinable
    mutating func append(bool: Bool) throws(WireError) {
        try appendHeader(.bool, byteCount: 1)
        appendWord(bool ? 1 : 0)
    }

    @inlinable
    mutating func append(type: WireType, bits32: UInt32) throws(WireError) {
        try appendHeader(type, byteCount: 4)
        appendWord(UInt64(bits32))
    }

    @inlinable
    mutating func append(type: WireType, bits64: UInt64) throws(WireError) {
        try appendHeader(type, byteCount: 8)
        appendWord(bits64)
    }

    @inlinable
    mutating func appendWord(_ word: UInt64) {
        memory.storeReserved(word, at: offset)
        offset &+= 8
    }
}

extension MessageWriter {
    /// Bytes of a value in a message, with header and padding.
    public static func valueByteCount(payload: Int) -> Int {
        GuestABI.ValueOffset.byteCount + paddedToWord(payload)
    }

    /// Bytes of a call, given the sum of its values' ``valueByteCount(payload:)``.
    public static func callByteCount(nameByteCount: Int, values: Int) -> Int {
        GuestABI.MessageOffset.byteCount + paddedToWord(nameByteCount) + values
    }

    /// Bytes of a result with this value.
    public static func resultByteCount(_ value: borrowing some WireValue) -> Int {
        GuestABI.MessageOffset.byteCount + valueByteCount(payload: value.wireByteCount)
    }

    #if !hasFeature(Embedded)
        /// Bytes of a call of the function with this name and these parameters.
        public static func callByteCount<each Value: WireValue>(name: String, _ values: repeat each Value) -> Int {
            var sum = 0
            for value in repeat each values {
                sum += valueByteCount(payload: value.wireByteCount)
            }
            return callByteCount(nameByteCount: name.utf8.count, values: sum)
        }
    #endif
}
