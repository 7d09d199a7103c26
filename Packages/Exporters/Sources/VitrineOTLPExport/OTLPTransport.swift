// SPDX-License-Identifier: MIT OR Apache-2.0

public import VitrineOTLP

/// Carries requests to a receiver: HTTP in a program, a script in a test.
///
/// Called on the exporter's own threads, by several at once: one request of each signal is under way at a time, and beside
/// them one of what was found in a spool, which may be of any signal. Each may block its thread as long as it is allowed to, so
/// no request may wait for another: one to a receiver that does not answer would hold up the others. What is emitted on these
/// threads is not exported; a transport that works on other threads has to keep silent there.
public protocol OTLPTransport: Sendable {
    /// Posts a body to the signal's path and waits for the whole answer. Redirects are not followed, nothing is retried.
    ///
    /// - Parameters:
    ///   - signal: gives the path; the content type is always `OTLPSignal.contentType`.
    ///   - body: binary protobuf, not compressed.
    ///   - timeoutMilliseconds: when to give up and throw `.timeout`; never 0.
    func send(
        _ signal: OTLPSignal, _ body: [UInt8], timeoutMilliseconds: UInt32
    ) throws(OTLPTransportError) -> OTLPResponse
}

/// What a receiver answered.
public struct OTLPResponse: Sendable, Hashable {
    /// The status of HTTP.
    public var statusCode: Int
    /// The header `Retry-After` as it came, if it did.
    public var retryAfter: String?
    /// The body without its content coding. No more of it is read than `OTLPAnswer.maximumByteCount`.
    public var body: [UInt8]

    /// An answer of its parts.
    public init(statusCode: Int, retryAfter: String? = nil, body: [UInt8] = []) {
        self.statusCode = statusCode
        self.retryAfter = retryAfter
        self.body = body
    }
}

/// Why there is no answer. Both are tried again.
public enum OTLPTransportError: Error, Sendable, Hashable {
    /// No connection, or it broke: name resolution, TLS, a reset, an answer that is not HTTP or ends too early.
    case connection(reason: String)
    /// The answer was not there in time.
    case timeout
}
