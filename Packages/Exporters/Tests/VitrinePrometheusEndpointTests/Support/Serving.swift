// SPDX-License-Identifier: MIT OR Apache-2.0

import Logging
import ServiceLifecycle
import Testing
import VitrineObservability
import VitrinePrometheusEndpoint

/// Runs an endpoint on a free port for the time of a closure, and sees that it ends gracefully.
func serving(
    _ registry: MetricsRegistry = MetricsRegistry(),
    _ configuration: PrometheusEndpointConfiguration = configured { _ in },
    _ body: @Sendable @escaping (Int) async throws -> Void
) async throws {
    var configuration = configuration
    configuration.port = 0
    let endpoint = try PrometheusEndpoint(registry, configuration: configuration)
    let group = ServiceGroup(services: [endpoint], logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    async let running: Void = group.run()
    do {
        try await body(try await endpoint.waitUntilBound())
        await group.triggerGracefulShutdown()
    } catch {
        await group.triggerGracefulShutdown()
        throw error
    }
    try await running
}

/// Sends one request on a connection of its own and reads the answer.
func ask(
    _ port: Int, _ method: String = "GET", _ path: String = "/metrics", headers: [String] = []
) async throws -> WireAnswer {
    // Off the few threads that tasks have, since it waits.
    try await onThread {
        let wire = try #require(Wire(port: port))
        let lines = ["\(method) \(path) HTTP/1.1", "Host: x", "Connection: close"] + headers
        wire.send(lines.joined(separator: "\r\n") + "\r\n\r\n")
        let bytes = try #require(wire.readAll())
        return try #require(WireAnswer(bytes))
    }
}

/// The same where many connections compete or have little time: one may be closed before it is answered, and then comes
/// again as a scraper does.
func askAgain(_ port: Int, _ path: String = "/metrics") async throws -> WireAnswer {
    for _ in 0..<60 {
        let bytes = try await onThread {
            let wire = try #require(Wire(port: port))
            wire.send("GET \(path) HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            return try #require(wire.readAll())
        }
        if let answer = WireAnswer(bytes) { return answer }
    }
    return try await ask(port, "GET", path)
}

/// A configuration that has patience with a busy machine, with something changed.
func configured(_ change: (inout PrometheusEndpointConfiguration) -> Void) -> PrometheusEndpointConfiguration {
    var configuration = PrometheusEndpointConfiguration()
    configuration.requestTimeout = .seconds(600)
    configuration.idleTimeout = .seconds(600)
    change(&configuration)
    return configuration
}
