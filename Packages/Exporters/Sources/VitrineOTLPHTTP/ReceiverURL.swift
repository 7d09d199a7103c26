// SPDX-License-Identifier: MIT OR Apache-2.0

/// An address of HTTP that was looked through.
struct ReceiverURL: Sendable, Hashable {
    /// The address, with a path.
    let text: String
    /// Host and port as they were written, for messages.
    let authority: String
    /// Whether it is `https`.
    let isSecure: Bool
    private let hasQuery: Bool

    init(_ url: String) throws(OTLPHTTPError) {
        let bytes = Array(url.utf8)
        let scheme = bytes.prefix { $0 != UInt8(ascii: ":") }.map { $0 | 0x20 }
        isSecure = scheme == Array("https".utf8)
        guard isSecure || scheme == Array("http".utf8), bytes.dropFirst(scheme.count).starts(with: "://".utf8) else {
            throw Self.refused(url, .scheme)
        }
        let start = scheme.count + 3
        let end = bytes[start...].firstIndex { "/?#".utf8.contains($0) } ?? bytes.count
        let authority = bytes[start..<end]
        // Nobody gets to see what may be a password.
        if authority.contains(UInt8(ascii: "@")) { throw .url(Self.text(bytes[..<start]) + "…", .credentials) }
        try Self.check(authority, of: url)
        guard bytes[end...].allSatisfy(Self.isAllowed) else { throw Self.refused(url, .character) }
        if bytes[end...].contains(UInt8(ascii: "#")) { throw Self.refused(url, .fragment) }
        let query = bytes[end...].firstIndex(of: UInt8(ascii: "?"))
        hasQuery = query != nil
        self.authority = Self.text(authority)
        let path = end == (query ?? bytes.count) ? "/" : ""
        text = Self.text(bytes[..<end]) + path + Self.text(bytes[end...])
    }

    /// The address of what lies below this one.
    ///
    /// - Parameter path: begins with a slash.
    func appending(_ path: String) throws(OTLPHTTPError) -> String {
        if hasQuery { throw .url(text, .queryInBase) }
        return (text.hasSuffix("/") ? String(text.dropLast()) : text) + path
    }

    private static func check(_ authority: ArraySlice<UInt8>, of url: String) throws(OTLPHTTPError) {
        var host = authority
        var port: ArraySlice<UInt8>?
        if authority.first == UInt8(ascii: "[") {
            guard let end = authority.firstIndex(of: UInt8(ascii: "]")) else { throw refused(url, .host) }
            host = authority[(authority.startIndex + 1)..<end]
            let rest = authority[(end + 1)...]
            guard !host.isEmpty, host.allSatisfy(isOfIPv6) else { throw refused(url, .host) }
            if !rest.isEmpty {
                guard rest.first == UInt8(ascii: ":") else { throw refused(url, .host) }
                port = rest.dropFirst()
            }
        } else {
            if let colon = authority.lastIndex(of: UInt8(ascii: ":")) {
                host = authority[..<colon]
                port = authority[(colon + 1)...]
            }
            guard !host.isEmpty, host.count <= 253, host.allSatisfy(isOfName) else { throw refused(url, .host) }
        }
        if let port {
            guard !port.isEmpty, port.allSatisfy({ (0x30...0x39).contains($0) }), let number = UInt16(text(port)),
                number > 0
            else { throw refused(url, .port) }
        }
    }

    /// An error that shows the address, but for what may be a password: all before an `@`.
    private static func refused(_ url: String, _ fault: OTLPURLFault) -> OTLPHTTPError {
        guard let end = url.utf8.lastIndex(of: UInt8(ascii: "@")) else { return .url(url, fault) }
        // Without `http` in front, what stands there is a name and a password rather than anything else.
        return .url("…" + url[end...], fault == .scheme ? .credentials : fault)
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    private static func isLetterOrDigit(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
    }

    /// What names of hosts consist of, the underscore of container networks included.
    private static func isOfName(_ byte: UInt8) -> Bool { isLetterOrDigit(byte) || "-._".utf8.contains(byte) }

    private static func isOfIPv6(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x66).contains(byte | 0x20) || ":.".utf8.contains(byte)
    }

    /// What may stand behind the host: https://www.rfc-editor.org/rfc/rfc3986#appendix-A
    private static func isAllowed(_ byte: UInt8) -> Bool {
        isLetterOrDigit(byte) || "-._~:/?#@!$&'()*+,;=%".utf8.contains(byte)
    }
}
