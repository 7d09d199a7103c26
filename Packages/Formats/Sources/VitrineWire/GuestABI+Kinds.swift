// SPDX-License-Identifier: MIT OR Apache-2.0

extension GuestABI {
    /// What a message is.
    public enum MessageKind: UInt16, CaseIterable, Sendable {
        /// A call of a guest or host function by name (`VITRINE_MESSAGE_CALL`).
        case call = 1

        /// The value that a call returned (`VITRINE_MESSAGE_RESULT`).
        case result = 2

        /// A code and a text instead of a result (`VITRINE_MESSAGE_ERROR`).
        case error = 3
    }

    /// What a telemetry record tells.
    public enum RecordKind: UInt8, CaseIterable, Sendable {
        /// `VITRINE_RECORD_SPAN_OPEN`.
        case spanOpen = 1

        /// `VITRINE_RECORD_SPAN_CLOSE`.
        case spanClose = 2

        /// `VITRINE_RECORD_SPAN_EDIT`.
        case spanEdit = 3

        /// `VITRINE_RECORD_EVENT`.
        case event = 4

        /// `VITRINE_RECORD_PRINT`.
        case print = 5

        /// `VITRINE_RECORD_ALLOCATE`.
        case allocate = 6

        /// `VITRINE_RECORD_FREE`.
        case free = 7
    }

    /// The flag of a record whose string, field or frame was cut to fit the limits (`VITRINE_RECORD_TRUNCATED`).
    public static let recordTruncatedFlag: UInt16 = 1

    /// Where the bytes of a record's string are.
    public enum StringForm: UInt32, CaseIterable, Sendable {
        /// In the record itself (`VITRINE_STRING_INLINE`).
        case inline = 0

        /// In the read-only segments of the image, by address (`VITRINE_STRING_IN_IMAGE`).
        case inImage = 1
    }

    /// The type of a field's value.
    public enum FieldType: UInt32, CaseIterable, Sendable {
        /// `VITRINE_FIELD_BOOL`.
        case bool = 1

        /// `VITRINE_FIELD_INT64`.
        case int64 = 2

        /// `VITRINE_FIELD_UINT64`.
        case uint64 = 3

        /// `VITRINE_FIELD_DOUBLE`.
        case double = 4

        /// `VITRINE_FIELD_STRING`.
        case string = 5
    }

    /// The code of an error message. Open: a guest function's own codes start at ``firstUser``.
    public struct ErrorCode: RawRepresentable, Hashable, BitwiseCopyable, Sendable {
        /// The code as the message carries it.
        public let rawValue: UInt32

        /// Any code, also one that this version does not name.
        public init(rawValue: UInt32) {
            self.rawValue = rawValue
        }

        /// No function of that name (`VITRINE_ERROR_UNKNOWN_FUNCTION`).
        public static let unknownFunction = ErrorCode(rawValue: 1)

        /// The function takes other parameters (`VITRINE_ERROR_WRONG_PARAMETERS`).
        public static let wrongParameters = ErrorCode(rawValue: 2)

        /// The function returns another type than the caller expects (`VITRINE_ERROR_WRONG_RESULT`).
        public static let wrongResult = ErrorCode(rawValue: 3)

        /// The host function threw (`VITRINE_ERROR_HOST_FUNCTION_FAILED`).
        public static let hostFunctionFailed = ErrorCode(rawValue: 4)

        /// The guest's heap is exhausted (`VITRINE_ERROR_OUT_OF_MEMORY`).
        public static let outOfMemory = ErrorCode(rawValue: 5)

        /// A failed assertion or a trap; in an abort only (`VITRINE_ERROR_PANIC`).
        public static let panic = ErrorCode(rawValue: 6)

        /// The message could not be read (`VITRINE_ERROR_MALFORMED`).
        public static let malformed = ErrorCode(rawValue: 7)

        /// The answer does not fit the buffer (`VITRINE_ERROR_BUFFER_TOO_SMALL`).
        public static let bufferTooSmall = ErrorCode(rawValue: 8)

        /// The lowest code of a guest function's own (`VITRINE_ERROR_FIRST_USER`).
        public static let firstUser = ErrorCode(rawValue: 1000)
    }
}
