// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Glibc

extension OTLPHTTPError: CustomStringConvertible {
    /// What is wrong, and what to write instead. One line.
    public var description: String {
        switch self {
        case .url(let url, let fault): "the address \(quoted(url)) \(fault.words(url))"
        case .header(let name, let fault): "the header \(quoted(name)) \(fault.words)"
        case .tlsFile(let path, let fault): "the file \(quoted(path)) \(fault.words)"
        case .noMemory: "there is no memory for a transport"
        }
    }
}

/// The text as Swift would write it, so that nothing in it is taken for something else.
private func quoted(_ text: String) -> String { String(reflecting: text) }

/// The words of an `errno`.
private func systemText(_ code: Int32) -> String {
    // SAFETY: a C string that is glibc's own, or the thread's for a code that it does not know; copied at once.
    unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
}

extension OTLPURLFault {
    package func words(_ url: String) -> String {
        switch self {
        case .scheme where url.contains("://"): "is not one of HTTP: it has to begin with http:// or https://"
        case .scheme: "does not begin with http:// or https://: write \(quoted("http://" + url))"
        case .host: "has no host: write it like \"http://localhost:4318\", and IPv6 like \"http://[::1]:4318\""
        case .port: "has a port that is not a number from 1 to 65535"
        case .credentials: "has a user name or password: use the header Authorization instead"
        case .fragment: "has a fragment: leave out what begins with #"
        case .queryInBase: "has a query: set the whole address of each signal, or leave out what begins with ?"
        case .character: "has a character that must be percent-encoded, like %20 for a blank"
        }
    }
}

extension OTLPHeaderFault {
    package var words: String {
        switch self {
        case .name: "cannot be the name of one: letters, digits and !#$%&'*+-.^_`|~ only"
        case .value: "has a control character in its value, such as a line break: leave it out"
        case .reserved: "is written by the transport itself: leave it out"
        }
    }
}

extension OTLPTLSFileFault {
    package var words: String {
        switch self {
        case .unreadable(let code): "cannot be read: \(systemText(code))"
        case .tooLarge: "has more than 1 MiB, and is hardly one of certificates"
        case .noCertificate:
            "has no certificate that can be read: it needs PEM, which begins with -----BEGIN CERTIFICATE-----"
        case .noKey: "has no private key that can be read: it needs PEM, like -----BEGIN PRIVATE KEY-----"
        case .encryptedKey: "has a key with a passphrase: store it without one, readable by its owner only"
        case .otherCertificate(let file): "is not the key of the certificate in \(quoted(file))"
        case .alone: "stands alone: a client needs both a certificate and its key"
        }
    }
}
