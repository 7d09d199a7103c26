// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineObservability
import VitrinePrometheusEndpoint

@Suite("PrometheusEndpoint, with all connections taken", .serialized, .timeLimit(.minutes(15)))
struct OpenConnectionsTests {
    /// No time ends anything here: who is served is served because somebody gave way.
    private func serve(
        maximumConnectionCount: Int = 4, checks: [HealthCheck] = [],
        _ body: @Sendable @escaping (Int) async throws -> Void
    ) async throws {
        let configuration = configured {
            $0.requestTimeout = .seconds(3_600)
            $0.idleTimeout = .seconds(3_600)
            $0.maximumConnectionCount = maximumConnectionCount
            $0.checks = checks
        }
        try await serving(MetricsRegistry(), configuration, body)
    }

    @Test("those that were answered and stay give way to who comes next")
    func idle() async throws {
        try await serve { port in
            let held = try await onThread {
                try (0..<6).map { _ in
                    let wire = try #require(Wire(port: port))
                    wire.send("GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n")
                    #expect(wire.readSome().starts(with: "HTTP/1.1 404".utf8))
                    return WireBox(wire)
                }
            }
            let answer = try await ask(port)
            #expect(answer.status == 200)
            // The first have been closed and the last has not.
            let isFirstClosed = try await onThread { held[0].wire?.readAll()?.isEmpty == true }
            #expect(isFirstClosed)
            let next = try await onThread {
                held[5].wire?.send("GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
                return WireAnswer(held[5].wire?.readAll() ?? [])?.status
            }
            #expect(next == 200)
        }
    }

    @Test("those that never send a whole head give way", arguments: ["", "GET /metrics HTTP/1.1\r\nHost: x\r\n"])
    func silent(_ beginning: String) async throws {
        try await serve { port in
            let held = try await onThread { (0..<12).map { _ in WireBox(Wire(port: port)) } }
            for box in held { box.wire?.send(beginning) }
            let answer = try await askAgain(port)
            #expect(answer.status == 200)
            #expect(held.count == 12)
        }
    }

    @Test("those whose request is under way do not")
    func underWay() async throws {
        let (begun, beginning) = AsyncStream.makeStream(of: Void.self)
        let (opened, opening) = AsyncStream.makeStream(of: Void.self)
        let slow = HealthCheck("slow") {
            beginning.yield()
            for await _ in opened { break }
            return .ok
        }
        try await serve(maximumConnectionCount: 2, checks: [slow]) { port in
            async let health = ask(port, "GET", "/healthz")
            for await _ in begun { break }
            for _ in 0..<4 {
                let answer = try await ask(port)
                #expect(answer.status == 200)
            }
            opening.yield()
            // On a machine that is very busy the check may have had its time: an answer nevertheless.
            let answer = try await health
            #expect([200, 503].contains(answer.status))
        }
    }

    @Test("a place of one is free after each answer")
    func one() async throws {
        try await serve(maximumConnectionCount: 1) { port in
            for _ in 0..<3 {
                let bytes = try await onThread {
                    let wire = try #require(Wire(port: port))
                    wire.send("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
                    return try #require(wire.readAll())
                }
                #expect(WireAnswer(bytes)?.text == "ok\n")
            }
        }
    }
}
