// SPDX-License-Identifier: MIT OR Apache-2.0

import Hummingbird
import HummingbirdTesting
import Testing
import VitrineObservability
import VitrinePrometheusEndpoint

@Suite("PrometheusPages")
struct PrometheusPagesTests {
    @Test("serve under any path of a router that has other routes too")
    func router() async throws {
        let registry = MetricsRegistry()
        registry.counter("a_total", help: "").increment()
        let router = Router()
        router.get("hello") { _, _ in "hello" }
        let pages = PrometheusPages(registry, checks: [HealthCheck("c") { .failing(reason: "r") }])
        router.group("internal").addPrometheus(pages, metricsPath: "/numbers", healthPath: "/alive")
        router.addPrometheus(pages, healthPath: nil)
        try await Application(router: router).test(.router) { client in
            for path in ["/internal/numbers", "/metrics"] {
                try await client.execute(uri: path, method: .get) { response in
                    #expect(response.status == .ok)
                    #expect(String(buffer: response.body) == "# TYPE a_total counter\na_total 1\n")
                }
                try await client.execute(uri: path, method: .post) { response in
                    #expect(response.status == .methodNotAllowed)
                    #expect(response.headers[.allow] == "GET, HEAD")
                }
            }
            try await client.execute(uri: "/internal/alive", method: .get) { response in
                #expect(response.status == .serviceUnavailable)
                #expect(String(buffer: response.body) == "c: r\n")
            }
            try await client.execute(uri: "/hello", method: .get) { response in
                #expect(String(buffer: response.body) == "hello")
            }
            try await client.execute(uri: "/healthz", method: .get) { response in
                #expect(response.status == .notFound)
            }
        }
    }
}
