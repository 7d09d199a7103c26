// SPDX-License-Identifier: MIT OR Apache-2.0

/// The type of a value in a message.
public enum WireType: UInt32, CaseIterable, BitwiseCopyable, Sendable {
    /// Nothing: a function without a result (`VITRINE_TYPE_VOID`).
    case void = 0

    /// `VITRINE_TYPE_INT32`.
    case int32 = 1

    /// `VITRINE_TYPE_UINT32`.
    case uint32 = 2

    /// `VITRINE_TYPE_INT64`.
    case int64 = 3

    /// `VITRINE_TYPE_UINT64`.
    case uint64 = 4

    /// 4 bytes, IEEE 754 (`VITRINE_TYPE_FLOAT`).
    case float = 5

    /// 8 bytes, IEEE 754 (`VITRINE_TYPE_DOUBLE`).
    case double = 6

    /// One byte, 0 or 1 (`VITRINE_TYPE_BOOL`).
    case bool = 7

    /// UTF-8 without a terminator (`VITRINE_TYPE_STRING`).
    case string = 8

    /// Any bytes (`VITRINE_TYPE_BYTES`).
    case bytes = 9

    /// The bytes of every payload of this type, or nil where they vary.
    @inlinable public var fixedByteCount: Int? {
        switch self {
        case .void: 0
        case .bool: 1
        case .int32, .uint32, .float: 4
        case .int64, .uint64, .double: 8
        case .string, .bytes: nil
        }
    }
}
