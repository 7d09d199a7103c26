// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineOTLP
import VitrineOTLPHTTP

@Suite("OTLP over HTTP, configuration")
struct OTLPHTTPConfigurationTests {
    private func transport(_ url: String, _ headers: [(name: String, value: String)] = []) throws -> OTLPHTTPTransport {
        let target = OTLPHTTPTarget(url: url, headers: headers)
        return try OTLPHTTPTransport(OTLPHTTPConfiguration(traces: target, metrics: target, logs: target))
    }

    @Test(
        "appends the path of each signal to a base, with one slash",
        arguments: [
            ("http://localhost:4318", "http://localhost:4318/v1/traces"),
            ("http://localhost:4318/", "http://localhost:4318/v1/traces"),
            ("https://example.com/otlp", "https://example.com/otlp/v1/traces"),
            ("https://example.com/otlp/", "https://example.com/otlp/v1/traces"),
            ("HTTP://[::1]:4318", "HTTP://[::1]:4318/v1/traces"),
            ("http://my_collector.default.svc", "http://my_collector.default.svc/v1/traces"),
        ])
    func base(endpoint: String, url: String) throws {
        let configuration = try OTLPHTTPConfiguration(endpoint: endpoint)
        #expect(configuration.traces.url == url)
        #expect(configuration.metrics.url == url.dropLast(6) + "metrics")
        #expect(configuration.logs.url == url.dropLast(6) + "logs")
        _ = try OTLPHTTPTransport(configuration)
    }

    @Test("goes to the usual port of this machine if nothing is said")
    func standard() throws {
        #expect(try OTLPHTTPConfiguration().logs.url == "http://localhost:4318/v1/logs")
    }

    @Test(
        "refuses addresses that cannot be used, as a base and as a target",
        arguments: [
            ("", .scheme), ("localhost:4318", .scheme), ("grpc://localhost:4317", .scheme),
            ("http:/localhost", .scheme),
            ("httpx://localhost", .scheme), ("http://", .host), ("http:///v1/traces", .host), ("http://:4318", .host),
            ("http://a b", .host), ("http://höst", .host), ("http://[::1", .host), ("http://[::1]4318", .host),
            ("http://[]:1", .host), ("http://[::g]:1", .host), ("http://\(String(repeating: "a", count: 254))", .host),
            ("http://localhost:", .port), ("http://localhost:0", .port), ("http://localhost:65536", .port),
            ("http://localhost:-1", .port), ("http://localhost:+1", .port), ("http://localhost:4318x", .port),
            ("http://localhost/a b", .character), ("http://localhost/ä", .character),
            ("http://localhost/\r\n", .character),
            ("http://localhost/#a", .fragment), ("http://localhost#a", .fragment),
        ] as [(String, OTLPURLFault)])
    func refused(url: String, fault: OTLPURLFault) {
        #expect(throws: OTLPHTTPError.url(url, fault)) { try OTLPHTTPConfiguration(endpoint: url) }
        #expect(throws: OTLPHTTPError.url(url, fault)) { try self.transport(url) }
    }

    @Test("shows no password")
    func password() {
        #expect(throws: OTLPHTTPError.url("https://…", .credentials)) {
            try OTLPHTTPConfiguration(endpoint: "https://me:secret@example.com/")
        }
    }

    @Test(
        "shows no password where that is not all that is wrong",
        arguments: [
            ("me:s3cret@host:4318", "…@host:4318", .credentials), ("ftp://me:s3cret@host", "…@host", .credentials),
            ("https:/me:s3cret@host", "…@host", .credentials), ("http://me:s3/cret@host", "…@host", .port),
            ("http://s3[/cret@host", "…@host", .host), ("http://me/s3 cret@host", "…@host", .character),
            ("http://me#s3cret@host", "…@host", .fragment),
        ] as [(String, String, OTLPURLFault)])
    func hiddenPassword(url: String, shown: String, fault: OTLPURLFault) {
        #expect(throws: OTLPHTTPError.url(shown, fault)) { try OTLPHTTPConfiguration(endpoint: url) }
        #expect(throws: OTLPHTTPError.url(shown, fault)) { try self.transport(url) }
    }

    @Test("takes a query as part of a target, but not of a base")
    func query() throws {
        #expect(throws: OTLPHTTPError.url("http://localhost/?a=b", .queryInBase)) {
            try OTLPHTTPConfiguration(endpoint: "http://localhost?a=b")
        }
        _ = try transport("http://localhost/?a=b")
    }

    @Test(
        "refuses headers that cannot be sent, by their names",
        arguments: [
            ("", "a", .name), ("a b", "a", .name), ("a:", "a", .name), ("ä", "a", .name), ("a\r\nb", "a", .name),
            ("[", "a", .name), ("x", "a\r\nb: c", .value), ("x", "a\u{0}", .value), ("x", "\u{7F}", .value),
            ("Content-Type", "text/plain", .reserved), ("content-length", "3", .reserved),
            ("Transfer-Encoding", "chunked", .reserved), ("Connection", "close", .reserved),
        ] as [(String, String, OTLPHeaderFault)])
    func headers(name: String, value: String, fault: OTLPHeaderFault) {
        #expect(throws: OTLPHTTPError.header(name: name, fault)) {
            try self.transport("http://localhost", [(name: name, value: value)])
        }
    }

    @Test(
        "says what to write instead",
        arguments: [
            (
                OTLPHTTPError.url("localhost:4318", .scheme),
                #"the address "localhost:4318" does not begin with http:// or https://: write "http://localhost:4318""#
            ),
            (
                .url("grpc://a", .scheme),
                #"the address "grpc://a" is not one of HTTP: it has to begin with http:// or https://"#
            ),
            (
                .header(name: "a\nb", .name),
                #"the header "a\nb" cannot be the name of one: letters, digits and !#$%&'*+-.^_`|~ only"#
            ),
            (
                .tlsFile(path: "k.pem", .otherCertificate(file: "c.pem")),
                #"the file "k.pem" is not the key of the certificate in "c.pem""#
            ),
        ])
    func description(error: OTLPHTTPError, text: String) {
        #expect(error.description == text)
        #expect("\(error)" == text)
    }
}
