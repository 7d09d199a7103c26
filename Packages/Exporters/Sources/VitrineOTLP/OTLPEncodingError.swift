// SPDX-License-Identifier: MIT OR Apache-2.0

/// Why there is no request.
public enum OTLPEncodingError: Error, Sendable, Hashable {
    /// It could have more bytes than it may: send the records in several.
    case tooLarge(maximumByteCount: Int)
    /// There is no memory for it.
    case noMemory
}

extension OTLPEncodingError: CustomStringConvertible {
    /// Why, in one line.
    public var description: String {
        switch self {
        case .tooLarge(let maximum):
            "its request would have more than \(maximum) bytes (see OTLPLimits.requestByteCount)"
        case .noMemory: "there is no memory for a request"
        }
    }
}
