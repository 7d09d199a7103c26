// SPDX-License-Identifier: MIT OR Apache-2.0

import CVitrineOTLP
import Glibc

/// Why an answer, or a request that is to be taken apart, could not be read.
public enum OTLPDecodingError: Error, Sendable, Hashable {
    /// It has more bytes than anybody reads.
    case tooLarge(byteCount: Int)
    /// It is not the message that it should be.
    case malformed
}

extension OTLPDecodingError: CustomStringConvertible {
    /// Why, in one line.
    public var description: String {
        switch self {
        case .tooLarge(let byteCount): "it has \(byteCount) bytes, more than are read"
        case .malformed: "it is not the message that it should be"
        }
    }
}

/// What a receiver says in an answer of success about a part that it did not take.
///
/// https://opentelemetry.io/docs/specs/otlp/#partial-success-1
public struct OTLPPartialSuccess: Sendable, Hashable {
    /// How many spans, data points or log records were refused; none if it is a warning only. Never negative.
    public let rejectedCount: Int64
    /// Why. The receiver's words, valid UTF-8 but not trusted.
    public let message: String

    /// A partial success of its parts.
    public init(rejectedCount: Int64, message: String) {
        self.rejectedCount = rejectedCount
        self.message = message
    }

    /// Reads the body of an answer of success; nil if all was well. Any bytes give a value or an error.
    ///
    /// Costs some allocations; an empty body, the usual answer, none.
    public static func read(
        _ body: Swift.Span<UInt8>, of signal: OTLPSignal
    ) throws(OTLPDecodingError) -> OTLPPartialSuccess? {
        try OTLPAnswer.check(body)
        if body.isEmpty { return nil }
        var rejectedCount: Int64 = 0
        var text = ReceivedText()
        // SAFETY: the body is read during the call, which sets the text to a C string of its own or to nothing.
        let isRead = unsafe body.withUnsafeBufferPointer {
            unsafe vitrine_otlp_read_response(
                signal.cValue, $0.baseAddress, $0.count, &rejectedCount, &text.characters)
        }
        guard isRead else { throw .malformed }
        let message = text.string
        if rejectedCount <= 0 && message.isEmpty { return nil }
        return OTLPPartialSuccess(rejectedCount: max(0, rejectedCount), message: message)
    }
}

/// What a receiver says in an answer of failure: a `google.rpc.Status`, without its details.
///
/// https://opentelemetry.io/docs/specs/otlp/#failures-1
public struct OTLPStatus: Sendable, Hashable {
    /// The code, of gRPC's.
    public let code: Int32
    /// Why. The receiver's words, valid UTF-8 but not trusted.
    public let message: String

    /// A status of its parts.
    public init(code: Int32, message: String) {
        self.code = code
        self.message = message
    }

    /// Reads the body of an answer of failure. Any bytes give a value or an error.
    public init(reading body: Swift.Span<UInt8>) throws(OTLPDecodingError) {
        try OTLPAnswer.check(body)
        var code: Int32 = 0
        var text = ReceivedText()
        // SAFETY: as in `OTLPPartialSuccess.read`.
        let isRead = unsafe body.withUnsafeBufferPointer {
            unsafe vitrine_otlp_read_status($0.baseAddress, $0.count, &code, &text.characters)
        }
        guard isRead else { throw .malformed }
        self.init(code: code, message: text.string)
    }
}

/// What goes for all answers.
public enum OTLPAnswer {
    /// The most bytes of an answer that is read. Reading takes memory of up to 40 times of that.
    public static let maximumByteCount = 64 << 10

    fileprivate static func check(_ body: Swift.Span<UInt8>) throws(OTLPDecodingError) {
        if body.count > maximumByteCount { throw .tooLarge(byteCount: body.count) }
    }
}

/// A C string that has to be freed.
@safe
private struct ReceivedText: ~Copyable {
    // SAFETY, of all below: nil or a string that malloc gave, which nobody else frees.
    var characters: UnsafeMutablePointer<CChar>?

    init() { unsafe characters = nil }

    /// The text, repaired to valid UTF-8.
    var string: String { unsafe characters.map { unsafe String(cString: $0) } ?? "" }

    deinit { unsafe free(characters) }
}
