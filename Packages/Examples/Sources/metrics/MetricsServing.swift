// SPDX-License-Identifier: MIT OR Apache-2.0

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
            let waiting = Task.detached {
                // The end of the input, as in the background, is no Enter: then a signal ends it.
                if readLine() != nil { await group.triggerGracefulShutdown() }
            }
            try await serving
            waiting.cancel()
        } else {
            try await serving
        }
    }
}
