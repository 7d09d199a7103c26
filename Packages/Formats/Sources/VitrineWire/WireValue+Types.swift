// SPDX-License-Identifier: MIT OR Apache-2.0

extension Int32: WireValue {
    /// ``WireType/int32``.
    @inlinable public static var wireType: WireType { .int32 }

    /// 4 bytes.
    @inlinable public var wireByteCount: Int { 4 }

    /// Appends the value.
    @inlinable
    public func encode(into writer: inout MessageWriter) throws(WireError) {
        try writer.append(type: .int32, bits32: UInt32(bitPattern: self))
    }

    /// Takes the value out of a message.
    @inlinable
    public init(decoding value: EncodedValue) throws(WireError) {
        self = try value.int32()
    }
}

extension UInt32: WireValue {
    /// ``WireType/uint32``.
    @inlinable public static var wireType: WireType { .uint32 }

    /// 4 bytes.
    @inlinable public var wireByteCount: Int { 4 }

    /// Appends the value.
    @inlinable
    public func encode(into writer: inout MessageWriter) throws(WireError) {
        try writer.append(type: .uint32, bits32: self)
    }

    /// Takes the value out of a message.
    @inlinable
    public init(decoding value: EncodedValue) throws(WireError) {
        self = try value.uint32()
    }
}

extension Int64: WireValue {
    /// ``WireType/int64``.
    @inlinable public static var wireType: WireType { .int64 }

    /// 8 bytes.
    @inlinable public var wireByteCount: Int { 8 }

    /// Appends the value.
    @inlinable
    public func encode(into writer: inout MessageWriter) throws(WireError) {
        try writer.append(type: .int64, bits64: UInt64(bitPattern: self))
    }

    /// Takes the value out of a message.
    @inlinable
    public init(decoding value: EncodedValue) throws(WireError) {
        self = try value.int64()
    }
}

extension UInt64: WireValue {
    /// ``WireType/uint64``.
    @inlinable public static var wireType: WireType { .uint64 }

    /// 8 bytes.
    @inlinable public var wireByteCount: Int { 8 }

    /// Appends the value.
    @inlinable
    public func encode(into writer: inout MessageWriter) throws(WireError) {
        try writer.append(type: .uint64, bits64: self)
    }

    /// Takes the value out of a message.
    @inlinable
    public init(decoding value: EncodedValue) throws(WireError) {
        self = try value.uint64()
    }
}

extension Float: WireValue {
    /// ``WireType/float``.
    @inlinable public static var wireType: WireType { .float }

    /// 4 bytes.
    @inlinable public var wireByteCount: Int { 4 }

    /// Appends the value.
    @inlinable
    public func encode(into writer: inout MessageWriter) throws(WireError) {
        try writer.append(type: .float, bits32: bitPattern)
    }

    /// Takes the value out of a message.
    @inlinable
    public init(decoding value: EncodedValue) throws(WireError) {
        self = try value.float()
    }
}

extension Double: WireValue {
    /// ``WireType/double``.
    @inlinable public static var wireType: WireType { .double }

    /// 8 bytes.
    @inlinable public var wireByteCount: Int { 8 }

    /// Appends the value.
    @inlinable
    public func encode(into writer: inout MessageWriter) throws(WireError) {
        try writer.append(type: .double, bits64: bitPattern)
    }

    /// Takes the value out of a message.
    @inlinable
    public init(decoding value: EncodedValue) throws(WireError) {
        self = try value.double()
    }
}

extension Bool: WireValue {
    /// ``WireType/bool``.
    @inlinable public static var wireType: WireType { .bool }

    /// One byte.
    @inlinable public var wireByteCount: Int { 1 }

    /// Appends the value.
    @inlinable
    public func encode(into writer: inout MessageWriter) throws(WireError) {
        try writer.append(bool: self)
    }

    /// Takes the value out of a message.
    @inlinable
    public init(decoding value: EncodedValue) throws(WireError) {
        self = try value.bool()
    }
}

extension String: WireValue {
    /// ``WireType/string``.
    @inlinable public static var wireType: WireType { .string }

    /// Bytes of the UTF-8.
    @inlinable public var wireByteCount: Int { utf8.count }

    /// Appends the value.
    @inlinable
    public func encode(into writer: inout MessageWriter) throws(WireError) {
        try writer.append(utf8: utf8.span)
    }

    /// Takes the value out of a message.
    @inlinable
    public init(decoding value: EncodedValue) throws(WireError) {
        self = try value.string()
    }
}

extension [UInt8]: WireValue {
    /// ``WireType/bytes``.
    @inlinable public static var wireType: WireType { .bytes }

    /// The number of bytes.
    @inlinable public var wireByteCount: Int { count }

    /// Appends the value.
    @inlinable
    public func encode(into writer: inout MessageWriter) throws(WireError) {
        try writer.append(bytes: span.rawBytes)
    }

    /// Takes the value out of a message.
    @inlinable
    public init(decoding value: EncodedValue) throws(WireError) {
        self = try value.bytes().array()
    }
}
