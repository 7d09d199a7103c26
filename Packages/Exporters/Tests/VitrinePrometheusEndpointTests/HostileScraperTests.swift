// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineObservability
import VitrinePrometheusEndpoint

@Suite("PrometheusEndpoint, hostile scrapers", .serialized, .timeLimit(.minutes(15)))
struct HostileScraperTests {
    private func serve(
        _ registry: MetricsRegistry = MetricsRegistry(), maximumConnectionCount: Int = 6, seconds: Int = 600,
        _ body: @Sendable @escaping (Int) async throws -> Void
    ) async throws {
        let configuration = configured {
            $0.requestTimeout = .seconds(seconds)
            $0.idleTimeout = .seconds(seconds)
            $0.maximumConnectionCount = maximumConnectionCount
            $0.maximumHeaderByteCount = 1_024
        }
        try await serving(registry, configuration, body)
    }

    @Test("who sends nothing, half a head or drops of a body is cut off, and the others are served")
    func slow() async throws {
        try await serve(seconds: 3) { port in
            let beginnings = [
                "", "GET /metrics HTT", "GET /metrics HTTP/1.1\r\nHost: x\r\nX: y",
                "POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 99999\r\n\r\n",
            ]
            try await withThrowingTaskGroup(of: Void.self) { group in
                for beginning in beginnings {
                    group.addTask {
                        try await onThread {
                            let wire = try #require(Wire(port: port))
                            wire.send(beginning)
                            // Drops: each would count as a sign of life for a server that waits for silence.
                            for _ in 0..<30_000 where wire.send("x") { usleepMilliseconds(10) }
                            #expect(!wire.send("x"))
                        }
                    }
                }
                try await group.waitForAll()
            }
            let answer = try await askAgain(port)
            #expect(answer.status == 200)
        }
    }

    @Test("who holds all connections keeps nobody out for longer than the time of a request")
    func allConnections() async throws {
        try await serve(seconds: 3) { port in
            let held = try await onThread { (0..<12).map { _ in WireBox(Wire(port: port)) } }
            for box in held { box.wire?.send("GET /metrics HTTP/1.1\r\nHost: x\r\n") }
            let answer = try await askAgain(port)
            #expect(answer.status == 200)
            #expect(held.count == 12)
        }
    }

    @Test("who does not read the answer is cut off")
    func doesNotRead() async throws {
        let registry = MetricsRegistry(maximumSeriesPerFamily: 20_000)
        for index in 0..<20_000 {
            _ = registry.counter(
                "long_total", help: "", labels: [("l", "\(index)" + String(repeating: "x", count: 400))])
        }
        // The only place: who comes next has it when the first has been cut off, since 8 MB lie in no buffer of the kernel.
        try await serve(registry, maximumConnectionCount: 1, seconds: 3) { port in
            let held = try await onThread {
                let wire = try #require(Wire(port: port))
                wire.shrinkReceiveBuffer()
                wire.send("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
                return WireBox(wire)
            }
            let answer = try await askAgain(port, "/healthz")
            #expect(answer.status == 200)
            #expect(held.wire != nil)
        }
    }

    @Test("heads that are too large, or no HTTP, are refused and the connection is closed")
    func badHeads() async throws {
        let long = String(repeating: "x", count: 2_000)
        let heads = [
            "GET /metrics HTTP/1.1\r\nHost: x\r\nX: \(long)\r\n\r\n",
            "GET /metrics HTTP/1.1\r\nHost: x\r\n" + String(repeating: "X: y\r\n", count: 200) + "\r\n",
            "GET /\(String(repeating: long, count: 500)) HTTP/1.1\r\nHost: x\r\n\r\n",
            "nonsense\r\n\r\n", "\u{0}\u{1}\u{2}", "GET /metrics HTTP/9.9\r\n\r\n",
            "POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
            "POST /metrics HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        ]
        try await serve { port in
            for head in heads {
                let answer = try await onThread {
                    let wire = try #require(Wire(port: port))
                    wire.send(head)
                    return try #require(wire.readAll())
                }
                #expect(answer.isEmpty || [400, 404, 405, 414, 431].contains(WireAnswer(answer)?.status))
            }
            let answer = try await ask(port)
            #expect(answer.status == 200)
        }
    }

    @Test("garbage in the headers is as if they were absent")
    func badHeaders() async throws {
        try await serve { port in
            for value in ["", ",,;;==", "text/plain;q=nan", "*/*;q=1e9", String(repeating: ",", count: 300)] {
                let answer = try await ask(port, headers: ["Accept: \(value)", "Accept-Encoding: \(value)"])
                #expect(answer.status == 200)
                #expect(answer.headers["content-type"]?.hasPrefix("text/plain") == true)
                #expect(answer.headers["content-encoding"] == nil)
            }
        }
    }

    @Test("keeps a connection for the next scrape, and answers requests that come at once in their order")
    func keepAlive() async throws {
        try await serving { port in
            let bytes = try await onThread {
                let wire = try #require(Wire(port: port))
                wire.send("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\nGET /nothing HTTP/1.1\r\nHost: x\r\n\r\n")
                usleepMilliseconds(100)
                wire.send("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                return try #require(wire.readAll())
            }
            let text = String(decoding: bytes, as: UTF8.self)
            let statuses = text.split(separator: "HTTP/1.1 ").map { $0.prefix(3) }
            #expect(statuses == ["200", "404", "200"])
        }
    }
}
