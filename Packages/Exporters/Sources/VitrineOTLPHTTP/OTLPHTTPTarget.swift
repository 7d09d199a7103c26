// SPDX-License-Identifier: MIT OR Apache-2.0

/// Whether bodies are compressed on their way to a receiver.
public enum OTLPCompression: String, Sendable, Hashable, CaseIterable {
    /// As they are.
    case none
    /// By gzip, usually to less than an eighth of their size, for about 1.5 µs a span.
    case gzip
}

/// The files of TLS, all PEM. They are read once, when a transport is made, and only for `https`.
///
/// The receiver's certificate and its host name are always verified, by TLS 1.2 or later.
public struct OTLPTLS: Sendable, Hashable {
    /// The certificates that are trusted instead of the system's.
    public var rootCertificatesFile: String?
    /// The certificate that this side shows, followed by those that lead to its root. Needs the key.
    public var clientCertificateFile: String?
    /// The key of that certificate, without a passphrase.
    public var clientKeyFile: String?

    /// The system's roots, if nothing is said, and no certificate of one's own.
    public init(
        rootCertificatesFile: String? = nil, clientCertificateFile: String? = nil, clientKeyFile: String? = nil
    ) {
        self.rootCertificatesFile = rootCertificatesFile
        self.clientCertificateFile = clientCertificateFile
        self.clientKeyFile = clientKeyFile
    }
}

/// Where the requests of one signal go, and how.
public struct OTLPHTTPTarget: Sendable {
    /// The whole address, `http` or `https`, as it is used: no path is added to it.
    public var url: String
    /// Further headers, such as `Authorization`. Those that belong to the transport, such as `Content-Type`, are refused.
    public var headers: [(name: String, value: String)]
    /// Whether bodies are compressed.
    public var compression: OTLPCompression
    /// Certificates.
    public var tls: OTLPTLS

    /// A target of its parts. They are checked when a transport is made of them.
    public init(
        url: String, headers: [(name: String, value: String)] = [], compression: OTLPCompression = .none,
        tls: OTLPTLS = OTLPTLS()
    ) {
        self.url = url
        self.headers = headers
        self.compression = compression
        self.tls = tls
    }
}
