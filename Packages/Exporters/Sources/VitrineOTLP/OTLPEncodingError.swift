// SPDX-License-Identifier: MIT OR Apache-2.0

/// Why there is no request.
public enum OTLPEncodingError: Error, Sendable, Hashable {
    /// It could have more bytes than it may: send the records in several.
    case tooLarge(maximumByteCount: Int)
    /// There is no memory for it.
    case noMemory
}
