// SPDX-License-Identifier: MIT OR Apache-2.0

/// A Swift type that a message can carry as a parameter or a result.
///
/// The conforming types are those of ``WireType``: `Int32`, `UInt32`, `Int64`, `UInt64`, `Float`, `Double`, `Bool`,
/// `String`, `[UInt8]` and ``WireVoid``. Nothing else conforms: the set is closed by the ABI.
public protocol WireValue: Sendable {
    /// The type that the message names.
    static var wireType: WireType { get }

    /// Bytes of this value's payload, without header and padding.
    var wireByteCount: Int { get }

    /// Appends the value with its header. Does not allocate; a long payload costs one block copy.
    func encode(into writer: inout MessageWriter) throws(WireError)

    /// Takes the value out of the message: ``WireError/wrongType(expected:found:)`` if it is of another type.
    init(decoding value: EncodedValue) throws(WireError)
}

/// The result of a function that returns nothing.
public struct WireVoid: WireValue, Hashable {
    /// The only value.
    public init() {}

    /// ``WireType/void``.
    @inlinable public static var wireType: WireType { .void }

    /// No bytes.
    @inlinable public var wireByteCount: Int { 0 }

    /// Appends the value.
    @inlinable
    public func encode(into writer: inout MessageWriter) throws(WireError) {
        try writer.appendVoid()
    }

    /// Takes the value out of a message.
    @inlinable
    public init(decoding value: EncodedValue) throws(WireError) {
        try value.expect(.void)
    }
}
