// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Testing

/// The receiver of Fixtures/receiver.py in a process of its own, which ends with this object.
final class Receiver: Sendable {
    struct Request: Decodable {
        let connection: Int
        let line: String
        let headers: [String: String]
        /// The numbers of the spans in it.
        let spans: [Int]
        /// Whether the receiver took them, as far as the sender can know.
        let isTaken: Bool
    }

    private struct Note: Decodable {
        var closed: Int?
        var wasReadWhole: Bool?
    }

    let port: Int
    private let process = Process()
    private let commands = Pipe()
    private let log: URL

    static let fixtures = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(
        path: "Fixtures")

    /// The path of a certificate or a key.
    static func tlsFile(_ name: String) -> String { fixtures.appending(path: "TLS/\(name).pem").path }

    /// - Parameters:
    ///   - faults: what the requests meet, one after the other.
    ///   - isDown: whether it refuses connections until `listen`.
    ///   - certificate: the name of its certificate; nil for HTTP without TLS.
    ///   - wantsClient: whether it demands a certificate of clients.
    init(_ faults: [String] = [], isDown: Bool = false, certificate: String? = nil, wantsClient: Bool = false) throws {
        log = FileManager.default.temporaryDirectory.appending(path: "receiver-\(UUID().uuidString).jsonl")
        var arguments = ["python3", Self.fixtures.appending(path: "receiver.py").path, log.path]
        if isDown { arguments.append("--down") }
        if let certificate {
            arguments += ["--tls", Self.tlsFile(certificate), Self.tlsFile("\(certificate).key")]
        }
        if wantsClient { arguments += ["--client-root", Self.tlsFile("root")] }
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments + faults.flatMap { ["--fault", $0] }
        process.standardInput = commands
        process.standardOutput = output
        try process.run()
        let line = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
        port = try #require(Int(line.trimmingCharacters(in: .whitespacesAndNewlines)))
    }

    deinit {
        try? commands.fileHandleForWriting.close()
        process.waitUntilExit()
        try? FileManager.default.removeItem(at: log)
    }

    var url: String { "http://127.0.0.1:\(port)" }

    /// Takes connections from now on.
    func listen() throws {
        try commands.fileHandleForWriting.write(contentsOf: Data("listen\n".utf8))
    }

    private func notes<Item: Decodable>(_ type: Item.Type) throws -> [Item] {
        try Data(contentsOf: log).split(separator: UInt8(ascii: "\n")).compactMap {
            try? JSONDecoder().decode(Item.self, from: $0)
        }
    }

    /// The requests that came.
    var requests: [Request] { get throws { try notes(Request.self) } }

    /// The numbers of the spans that were taken, sorted.
    var taken: [Int] { get throws { try requests.filter(\.isTaken).flatMap(\.spans).sorted() } }

    /// Waits until so many connections were closed, five minutes at most, and gives whether that came about.
    func waitForClosed(_ count: Int) throws -> Bool {
        try eventually { try notes(Note.self).count(where: { $0.closed != nil }) >= count }
    }

    /// The same for requests, and for spans that were taken.
    func waitForRequests(_ count: Int) throws -> Bool { try eventually { try requests.count >= count } }
    func waitForSpans(_ count: Int) throws -> Bool { try eventually { try taken.count >= count } }

    private func eventually(_ isTrue: () throws -> Bool) rethrows -> Bool {
        for _ in 0..<30_000 {
            if try isTrue() { return true }
            Thread.sleep(forTimeInterval: 0.01)
        }
        return false
    }

    /// Whether an answer of more bytes than anybody reads was read to its end.
    var wasReadWhole: Bool? { get throws { try notes(Note.self).compactMap(\.wasReadWhole).first } }
}
