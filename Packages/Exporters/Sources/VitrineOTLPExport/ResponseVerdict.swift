// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineOTLP

/// What an answer means for the records of its request.
///
/// https://opentelemetry.io/docs/specs/otlp/#otlphttp-response
enum ResponseVerdict: Sendable, Hashable {
    /// The receiver has them, but for what it says.
    case success(OTLPPartialSuccess?)
    /// The receiver has them; what else it says cannot be read.
    case unreadableSuccess(OTLPDecodingError)
    /// They are to be sent again, after what the receiver asks for if it does.
    case retry(OTLPFailure, RetryAfter?)
    /// They are to be sent in smaller requests.
    case tooLarge(OTLPFailure)
    /// They are never to be sent again.
    case refused(OTLPFailure)

    /// Judges an answer.
    init(_ response: OTLPResponse, to signal: OTLPSignal) {
        switch response.statusCode {
        case 200...299:
            do throws(OTLPDecodingError) {
                self = .success(try OTLPPartialSuccess.read(response.body.span, of: signal))
            } catch {
                self = .unreadableSuccess(error)
            }
        case 429, 502, 503, 504: self = .retry(Self.failure(response), response.retryAfter.flatMap(RetryAfter.init))
        case 413: self = .tooLarge(Self.failure(response))
        // All other failures, and redirects, which would carry the records to somebody that nobody chose.
        default: self = .refused(Self.failure(response))
        }
    }

    private static func failure(_ response: OTLPResponse) -> OTLPFailure {
        // Proxies answer with pages of their own; these say no more than their code.
        let status = try? OTLPStatus(reading: response.body.span)
        return .status(code: response.statusCode, message: status?.message ?? "")
    }
}
