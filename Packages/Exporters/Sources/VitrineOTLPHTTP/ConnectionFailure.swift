// SPDX-License-Identifier: MIT OR Apache-2.0

internal import AsyncHTTPClient
internal import Glibc
internal import NIOCore
internal import NIOHTTP1
internal import NIOPosix
internal import NIOSSL
internal import VitrineOTLPExport

/// What the libraries below say, in words that whoever runs the program can act on.
enum ConnectionFailure {
    /// The most characters of a reason.
    private static let maximumLength = 400

    /// - Parameter receiver: host and port that were asked for.
    static func error(_ error: any Error, _ receiver: String) -> OTLPTransportError {
        switch error {
        case let error as HTTPClientError: return self.error(error, receiver)
        case let error as NIOConnectionError: return connection(words(error))
        case ChannelError.connectTimeout: return .timeout
        case is NIOSSLError, is BoringSSLError, is NIOSSLExtraError:
            return connection("TLS with \(receiver) failed: \(advice(error))")
        case let error as IOError: return connection("\(receiver) \(words(error))")
        case HTTPParserError.invalidEOFState: return connection(closed(receiver))
        case is HTTPParserError: return connection("what \(receiver) answers is not HTTP: \(error)")
        default: return connection("\(receiver): \(error)")
        }
    }

    private static func error(_ error: HTTPClientError, _ receiver: String) -> OTLPTransportError {
        switch error {
        case .deadlineExceeded, .connectTimeout, .readTimeout, .writeTimeout, .tlsHandshakeTimeout,
            .getConnectionFromPoolTimeout:
            return .timeout
        case .remoteConnectionClosed: return connection(closed(receiver))
        case .cancelled, .alreadyShutdown: return connection("the transport was shut down")
        default: return connection("\(receiver): \(error)")
        }
    }

    private static func closed(_ receiver: String) -> String {
        "\(receiver) closed the connection before its answer was whole"
    }

    private static func words(_ error: NIOConnectionError) -> String {
        if error.connectionErrors.isEmpty {
            let cause = (error.dnsAError ?? error.dnsAAAAError).map { ": \($0)" } ?? ""
            return "the host name \(error.host) cannot be resolved\(cause)"
        }
        let attempts = error.connectionErrors.map { attempt in
            "\(attempt.target) \((attempt.error as? IOError).map(words) ?? "\(attempt.error)")"
        }
        return "no connection to \(error.host):\(error.port): " + attempts.joined(separator: "; ")
    }

    /// What happened to a connection, to be put behind an address.
    private static func words(_ error: IOError) -> String {
        switch error.errnoCode {
        case ECONNREFUSED: "refused the connection: nobody listens there (errno \(error.errnoCode))"
        case ECONNRESET: "broke the connection off: reset by peer (errno \(error.errnoCode))"
        case EHOSTUNREACH, ENETUNREACH: "cannot be reached from here (errno \(error.errnoCode))"
        case ETIMEDOUT: "did not answer to a connection (errno \(error.errnoCode))"
        default: "failed: \(error)"
        }
    }

    /// The libraries give codes; the usual ones get words.
    private static func advice(_ error: any Error) -> String {
        let text = "\(error)"
        if text.contains("CERTIFICATE_VERIFY_FAILED") {
            return "its certificate is not trusted; set the file of the root that signed it, rootCertificatesFile "
                + "or OTEL_EXPORTER_OTLP_CERTIFICATE (\(text))"
        }
        // What the library says besides has paths of the machine that it was built on.
        if text.contains("WRONG_VERSION_NUMBER") {
            return "what answers there is not TLS; write http:// instead of https://, or another port"
        }
        if text.contains("CERTIFICATE_REQUIRED") || text.contains("HANDSHAKE_FAILURE") {
            return "it may want a certificate of this client, clientCertificateFile "
                + "or OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE (\(text))"
        }
        return text
    }

    /// A reason of one line and bounded length: receivers have a say in it.
    private static func connection(_ reason: String) -> OTLPTransportError {
        let line = String(String.UnicodeScalarView(reason.unicodeScalars.map { $0.value < 0x20 ? " " : $0 }))
        return .connection(reason: line.count > maximumLength ? line.prefix(maximumLength) + "…" : line)
    }
}
