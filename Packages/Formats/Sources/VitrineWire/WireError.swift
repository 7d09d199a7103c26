// SPDX-License-Identifier: MIT OR Apache-2.0

/// Why a message could not be read or written. Offsets are in bytes from the start of the message.
public enum WireError: Error, Equatable, Sendable {
    /// The bytes end at `offset`, where at least `needed` more were expected.
    case truncated(offset: Int, needed: Int)

    /// No message kind, or another one than the reader asked for.
    case badKind(UInt16)

    /// No value type of this ABI.
    case badType(UInt32, offset: Int)

    /// A byte count at `offset` that fits neither its rule nor what it counts.
    case badLength(UInt64, offset: Int)

    /// A header field at `offset` that must be zero in this kind of message.
    case badReserved(offset: Int)

    /// A bool that is neither 0 nor 1.
    case badBool(UInt8, offset: Int)

    /// A value of another type than was asked for.
    case wrongType(expected: WireType, found: WireType)

    /// A string that is no UTF-8; `offset` is that of the first bad byte.
    case notUTF8(offset: Int)

    /// More parameters than ``GuestABI/Limit/parameters``.
    case tooManyParameters(Int)

    /// A longer function name than ``GuestABI/Limit/nameBytes``.
    case nameTooLong(byteCount: Int)

    /// A longer error text than ``GuestABI/Limit/errorTextBytes``.
    case errorTextTooLong(byteCount: Int)

    /// A value was asked for, or is missing at the end, though the header announced only `declared` values.
    case valueCount(declared: Int)

    /// Bytes that nothing accounts for.
    case trailingBytes(count: Int)

    /// The writer's memory ends before the message does.
    case insufficientSpace(needed: Int, available: Int)

    /// A longer message than a header can tell, in bytes.
    case messageTooLong(byteCount: Int)
}
