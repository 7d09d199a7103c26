// SPDX-License-Identifier: MIT OR Apache-2.0

internal import NIOHTTP1
internal import VitrineOTLP
internal import VitrineObservability

/// The headers of all requests to a target.
enum RequestHeaders {
    /// What this side calls itself: https://opentelemetry.io/docs/specs/otel/protocol/exporter/#user-agent
    static let userAgent = "vitrine-otlp/\(VitrineVersion.current)"

    /// These say how the body is sent and the connection is used, which is not the caller's to say.
    private static let reserved: Set<String> = [
        "connection", "content-encoding", "content-length", "content-type", "expect", "keep-alive", "te", "trailer",
        "transfer-encoding", "upgrade",
    ]

    static func make(_ target: OTLPHTTPTarget) throws(OTLPHTTPError) -> HTTPHeaders {
        var headers = HTTPHeaders()
        headers.add(name: "Content-Type", value: OTLPSignal.contentType)
        for (name, value) in target.headers {
            guard !name.isEmpty, name.utf8.allSatisfy(isOfName) else { throw .header(name: name, .name) }
            guard !reserved.contains(name.lowercased()) else { throw .header(name: name, .reserved) }
            guard value.utf8.allSatisfy({ $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }) else {
                throw .header(name: name, .value)
            }
            headers.add(name: name, value: value)
        }
        if !headers.contains(name: "User-Agent") { headers.add(name: "User-Agent", value: userAgent) }
        if !headers.contains(name: "Accept-Encoding") { headers.add(name: "Accept-Encoding", value: "gzip") }
        return headers
    }

    /// https://www.rfc-editor.org/rfc/rfc9110#name-tokens
    private static func isOfName(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20) && byte >= 0x41
            || "!#$%&'*+-.^_`|~".utf8.contains(byte)
    }
}
