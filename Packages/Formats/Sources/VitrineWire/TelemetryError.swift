// SPDX-License-Identifier: MIT OR Apache-2.0

/// Why a telemetry record could not be read or written. Offsets are in bytes from the start of the records.
public enum TelemetryError: Error, Hashable, Sendable {
    /// The record, or the records, end at `offset`, where at least `needed` more bytes were expected.
    case truncated(offset: Int, needed: Int)

    /// A record's byte count that is no multiple of 8, below the header's size, or beyond the records.
    case badByteCount(UInt32)

    /// More bytes than ``GuestABI/Limit/recordBytes``.
    case recordTooLong(byteCount: Int)

    /// No record kind of this ABI.
    case badKind(UInt8)

    /// No level of this ABI.
    case badLevel(UInt8)

    /// Flags that this ABI does not name.
    case badFlags(UInt16)

    /// A field at `offset` that must be zero.
    case badReserved(offset: Int)

    /// No string form of this ABI.
    case badStringForm(UInt32, offset: Int)

    /// A longer string than ``GuestABI/Limit/stringBytes``.
    case stringTooLong(byteCount: Int, offset: Int)

    /// No field type of this ABI.
    case badFieldType(UInt32, offset: Int)

    /// A bool that is neither 0 nor 1.
    case badBool(UInt64, offset: Int)

    /// More fields than ``GuestABI/Limit/fields``.
    case tooManyFields(Int)

    /// More frames than ``GuestABI/Limit/frames``.
    case tooManyFrames(Int)

    /// Bytes of the record that nothing accounts for.
    case trailingBytes(count: Int)
}
