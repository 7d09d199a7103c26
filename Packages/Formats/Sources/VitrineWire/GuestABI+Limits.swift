// SPDX-License-Identifier: MIT OR Apache-2.0

extension GuestABI {
    /// The bounds that every writer keeps and every reader enforces.
    public enum Limit {
        /// Parameters of a call (`VITRINE_LIMIT_PARAMETERS`).
        public static let parameters = 10

        /// Bytes of a function's name (`VITRINE_LIMIT_NAME_BYTES`).
        public static let nameBytes = 256

        /// Bytes of an error message's text (`VITRINE_LIMIT_ERROR_TEXT_BYTES`).
        public static let errorTextBytes = 4096

        /// Bytes of a telemetry record with its header (`VITRINE_LIMIT_RECORD_BYTES`).
        public static let recordBytes = 8192

        /// Bytes of one string of a record (`VITRINE_LIMIT_STRING_BYTES`).
        public static let stringBytes = 4096

        /// Fields of a record (`VITRINE_LIMIT_FIELDS`).
        public static let fields = 32

        /// Frames of an allocation's stack (`VITRINE_LIMIT_FRAMES`).
        public static let frames = 64

        /// Spans nested at one time in one call (`VITRINE_LIMIT_OPEN_SPANS`).
        public static let openSpans = 256
    }
}
