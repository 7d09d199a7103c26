// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineOTLP
import VitrineOTLPExport
import VitrineOTLPHTTP

@Suite("OTLP over HTTPS")
struct TLSTests {
    private static let root = Receiver.tlsFile("root")

    private func transport(_ url: String, _ tls: OTLPTLS) throws -> OTLPHTTPTransport {
        var configuration = try OTLPHTTPConfiguration(endpoint: url)
        configuration.traces.tls = tls
        configuration.traces.compression = .gzip
        return try OTLPHTTPTransport(configuration)
    }

    @Test(
        "delivers to a receiver whose root is trusted, by its name and by its address",
        arguments: ["localhost", "127.0.0.1"])
    func trusted(host: String) throws {
        let receiver = try Receiver(certificate: "receiver")
        let transport = try transport("https://\(host):\(receiver.port)", OTLPTLS(rootCertificatesFile: Self.root))
        let sender = try Sender(transport)
        for start in stride(from: 0, to: 60, by: 6) { sender.send(start..<start + 6) }
        #expect(sender.finish().sentCount == 60)
        #expect(sender.notices == [])
        #expect(try receiver.taken == Array(0..<60))
        let connections = try receiver.requests.map(\.connection)
        #expect(connections.count == 10)
        // Not one for all: an answer may be here before the client has given the connection back.
        #expect(Set(connections).count < 10)
    }

    @Test("shows its certificate to a receiver that demands one")
    func client() throws {
        let receiver = try Receiver(certificate: "receiver", wantsClient: true)
        let tls = OTLPTLS(
            rootCertificatesFile: Self.root, clientCertificateFile: Receiver.tlsFile("client"),
            clientKeyFile: Receiver.tlsFile("client.key"))
        let sender = try Sender(try transport("https://localhost:\(receiver.port)", tls))
        sender.send(0..<6)
        #expect(sender.finish().sentCount == 6)
        #expect(try receiver.taken == [0, 1, 2, 3, 4, 5])
    }

    /// A way in which TLS fails, and what the reason has to tell.
    struct Failure: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var certificate: String? = "receiver"
        var wantsClient = false
        var tls = OTLPTLS(rootCertificatesFile: TLSTests.root)
        let words: String
    }

    @Test(
        "sends nothing to a receiver with which TLS fails, and says why",
        arguments: [
            Failure(testDescription: "unknown root", tls: OTLPTLS(), words: "is not trusted"),
            Failure(testDescription: "other name", certificate: "other", words: "localhost"),
            Failure(testDescription: "no certificate of ours", wantsClient: true, words: "clientCertificateFile"),
            Failure(testDescription: "no TLS", certificate: nil, words: "write http:// instead of https://"),
        ])
    func failure(failure: Failure) throws {
        let receiver = try Receiver(certificate: failure.certificate, wantsClient: failure.wantsClient)
        let sender = try Sender(
            try transport("https://localhost:\(receiver.port)", failure.tls), elapsedMilliseconds: 100)
        sender.send(0..<6)
        #expect(sender.finish().droppedCounts == [.retriesExhausted: 6])
        #expect(sender.reason.contains("TLS with localhost:\(receiver.port) failed"), "\(sender.reason)")
        #expect(sender.reason.contains(failure.words), "\(sender.reason)")
        #expect(try receiver.taken == [])
    }

    @Test("refuses files that cannot be used, by their names")
    func files() throws {
        let client = Receiver.tlsFile("client")
        let key = Receiver.tlsFile("client.key")
        let missing = Receiver.tlsFile("missing")
        for (tls, path, fault) in [
            (OTLPTLS(rootCertificatesFile: missing), missing, .unreadable(code: 2)),
            (OTLPTLS(rootCertificatesFile: "/"), "/", .unreadable(code: 21)),
            (OTLPTLS(rootCertificatesFile: "/dev/zero"), "/dev/zero", .tooLarge),
            (OTLPTLS(rootCertificatesFile: key), key, .noCertificate),
            (OTLPTLS(rootCertificatesFile: "/dev/null"), "/dev/null", .noCertificate),
            (OTLPTLS(clientCertificateFile: client), client, .alone),
            (OTLPTLS(clientKeyFile: key), key, .alone),
            (OTLPTLS(clientCertificateFile: client, clientKeyFile: client), client, .noKey),
            (
                OTLPTLS(clientCertificateFile: client, clientKeyFile: Receiver.tlsFile("locked.key")),
                Receiver.tlsFile("locked.key"), .encryptedKey
            ),
            (
                OTLPTLS(clientCertificateFile: client, clientKeyFile: Receiver.tlsFile("other.key")),
                Receiver.tlsFile("other.key"), .otherCertificate(file: client)
            ),
        ] as [(OTLPTLS, String, OTLPTLSFileFault)] {
            #expect(throws: OTLPHTTPError.tlsFile(path: path, fault)) {
                try self.transport("https://localhost:1", tls)
            }
        }
        #expect(
            OTLPHTTPError.tlsFile(path: "/a b", .unreadable(code: 2)).description
                == "the file \"/a b\" cannot be read: No such file or directory")
    }

    @Test("does not read them for a receiver without TLS")
    func unread() throws {
        _ = try transport("http://localhost:1", OTLPTLS(rootCertificatesFile: Receiver.tlsFile("missing")))
    }
}
