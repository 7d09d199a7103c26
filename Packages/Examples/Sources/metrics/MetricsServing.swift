// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Glibc
import Logging
import ServiceLifecycle
import UnixSignals
import VitrineObservability
import VitrinePrometheus
import VitrinePrometheusEndpoint

/// Serves a registry until somebody has seen enough.
enum MetricsServing {
    static func run(_ registry: MetricsRegistry, port: Int) async throws {
        var configuration = PrometheusEndpointConfiguration()
        configuration.port = port
        configuration.target = PrometheusTarget([Field("service.name", "vitrine-metrics-example")])
        let failures = registry.counter("example_failures_total", help: "Sessions that went wrong.")
        configuration.checks = [
            HealthCheck("sessions") {
                failures.value == 0 ? .ok : .failing(reason: "\(failures.value) sessions went wrong")
            }
        ]
        let endpoint = try PrometheusEndpoint(registry, configuration: configuration)
        let group = ServiceGroup(
            services: [endpoint], gracefulShutdownSignals: [.sigint, .sigterm],
            logger: Logger(label: "metrics") { _ in SwiftLogNoOpLogHandler() })
        async let serving: Void = group.run()
        if let port = try? await endpoint.waitUntilBound() {
            print("serving http://127.0.0.1:\(port)/metrics and /healthz; Enter ends it")
            // What is printed to a pipe would else stay here.
            fflush(nil)
            endOnEnter(group)
        }
        try await serving
    }

    /// Reads on a thread of its own: tasks have no more threads than the machine has cores, and on one core a task that waits
    /// for a key would keep the endpoint from answering.
    private static func endOnEnter(_ group: ServiceGroup) {
        Thread.detachNewThread {
            // The end of the input, as in the background, is no Enter: then a signal ends it.
            guard readLine() != nil else { return }
            Task { await group.triggerGracefulShutdown() }
        }
    }
}
