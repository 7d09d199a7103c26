// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Testing
import VitrineGzip
import VitrineObservability
import VitrinePrometheus
import VitrinePrometheusEndpoint

@Suite("PrometheusEndpoint", .timeLimit(.minutes(15)))
struct PrometheusEndpointTests {
    private static func registry(seriesCount: Int = 1) -> MetricsRegistry {
        let registry = MetricsRegistry(maximumSeriesPerFamily: seriesCount)
        for index in 0..<seriesCount {
            registry.counter("meals_total", help: "Meals.", labels: [("kind", "k\(index)")]).increment(by: 3)
        }
        return registry
    }

    @Test("gives the text, in the format that is asked for")
    func formats() async throws {
        let registry = Self.registry()
        let older = PrometheusText.render(registry.snapshot())
        try await serving(registry) { port in
            let plain = try await ask(port)
            #expect(plain.status == 200)
            #expect(plain.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(plain.headers["content-length"] == "\(plain.body.count)")
            #expect(plain.headers["vary"] == "Accept, Accept-Encoding")
            #expect(plain.headers["content-encoding"] == nil)
            #expect(plain.headers["server"] == nil)
            #expect(plain.text == older)
            let accept = "Accept: application/openmetrics-text;version=1.0.0,text/plain;version=0.0.4;q=0.5"
            let open = try await ask(port, headers: [accept])
            #expect(open.headers["content-type"] == "application/openmetrics-text; version=1.0.0; charset=utf-8")
            #expect(open.text == "# TYPE meals counter\n# HELP meals Meals.\nmeals_total{kind=\"k0\"} 3\n# EOF\n")
            let two = try await ask(port, headers: ["Accept: text/html", "Accept: application/openmetrics-text"])
            #expect(two.text == open.text)
            let query = try await ask(port, "GET", "/metrics?name[]=x")
            #expect(query.text == older)
        }
    }

    @Test("compresses for who takes gzip")
    func compression() async throws {
        let registry = Self.registry(seriesCount: 500)
        let expected = PrometheusText.render(registry.snapshot())
        try await serving(registry) { port in
            for _ in 0..<3 {
                let answer = try await ask(port, headers: ["Accept-Encoding: deflate, gzip;q=0.5"])
                #expect(answer.headers["content-encoding"] == "gzip")
                #expect(answer.body.count < expected.utf8.count / 4)
                let text = try GzipDecoder.decode(answer.body.span, maximumByteCount: 1 << 20).bytes
                #expect(String(decoding: text, as: UTF8.self) == expected)
            }
            let refused = try await ask(port, headers: ["Accept-Encoding: gzip;q=0"])
            #expect(refused.headers["content-encoding"] == nil)
            #expect(refused.text == expected)
        }
    }

    @Test("answers HEAD without a body, other methods with 405 and what is allowed, other paths with 404")
    func methods() async throws {
        let registry = Self.registry()
        try await serving(registry) { port in
            for path in ["/metrics", "/healthz"] {
                let full = try await ask(port, "GET", path)
                let head = try await ask(port, "HEAD", path)
                #expect(head.status == 200)
                #expect(head.body.isEmpty)
                #expect(head.headers["content-length"] == "\(full.body.count)")
                for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"] {
                    let answer = try await ask(port, method, path)
                    #expect(answer.status == 405)
                    #expect(answer.headers["allow"] == "GET, HEAD")
                }
            }
            for path in ["/", "/metrics/", "/metricsx", "//metrics", "/%6detrics", "/..", "*"] {
                let answer = try await ask(port, "GET", path)
                #expect(answer.status == 404)
            }
        }
    }

    @Test("tells the health of all checks")
    func health() async throws {
        let good = HealthCheck("good") { .ok }
        let bad = HealthCheck("bad\n") { .failing(reason: "a\r\nb" + String(repeating: "x", count: 2_000)) }
        try await serving(MetricsRegistry(), configured { $0.checks = [good] }) { port in
            let answer = try await ask(port, "GET", "/healthz")
            #expect(answer.status == 200)
            #expect(answer.text == "ok\n")
        }
        try await serving(MetricsRegistry(), configured { $0.checks = [good, bad] }) { port in
            let answer = try await ask(port, "GET", "/healthz")
            #expect(answer.status == 503)
            #expect(answer.text.hasPrefix("bad : a  bxxx"))
            #expect(answer.text.utf8.count < 600)
            #expect(answer.text.split(separator: "\n").count == 1)
        }
        try await serving(MetricsRegistry(), configured { $0.healthPath = nil }) { port in
            let answer = try await ask(port, "GET", "/healthz")
            #expect(answer.status == 404)
        }
    }

    @Test("many scrapes at once, some broken off, get whole texts while the registry is counted in")
    func concurrent() async throws {
        let registry = Self.registry(seriesCount: 2_000)
        let counter = registry.counter("meals_total", help: "", labels: [("kind", "k7")])
        try await serving(registry) { port in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<24 {
                    group.addTask {
                        counter.increment()
                        if number % 4 == 0 {
                            try await onThread {
                                _ = Wire(port: port)?.send("GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
                            }
                            return
                        }
                        let answer = try await ask(port, headers: ["Accept: application/openmetrics-text"])
                        #expect(answer.text.hasSuffix("\n# EOF\n"))
                        #expect(answer.text.split(separator: "\n").count == 2_003)
                    }
                }
                try await group.waitForAll()
            }
        }
    }

    @Test("says what of a configuration is wrong, and what kept it from listening")
    func errors() async throws {
        func refusal(_ change: (inout PrometheusEndpointConfiguration) -> Void) -> PrometheusEndpointError? {
            var configuration = PrometheusEndpointConfiguration()
            change(&configuration)
            do throws(PrometheusEndpointError) {
                _ = try PrometheusEndpoint(MetricsRegistry(), configuration: configuration)
                return nil
            } catch {
                return error
            }
        }
        #expect(refusal { _ in } == nil)
        #expect(refusal { $0.port = 65_536 } == .configuration(name: "port", value: "65536"))
        #expect(refusal { $0.host = "" } == .configuration(name: "host", value: ""))
        #expect(refusal { $0.metricsPath = "metrics" } == .configuration(name: "metricsPath", value: "metrics"))
        #expect(refusal { $0.metricsPath = "/a b" } == .configuration(name: "metricsPath", value: "/a b"))
        #expect(refusal { $0.healthPath = "/metrics" } == .configuration(name: "healthPath", value: "/metrics"))
        #expect(refusal { $0.compressionLevel = 0 } == .configuration(name: "compressionLevel", value: "0"))
        #expect(
            refusal { $0.maximumConnectionCount = 0 } == .configuration(name: "maximumConnectionCount", value: "0"))
        #expect(
            refusal { $0.maximumHeaderByteCount = 0 } == .configuration(name: "maximumHeaderByteCount", value: "0"))
        #expect(refusal { $0.requestTimeout = .zero }?.description.contains("requestTimeout") == true)
        #expect(refusal { $0.idleTimeout = .seconds(-1) }?.description.contains("idleTimeout") == true)

        try await serving { port in
            var configuration = PrometheusEndpointConfiguration()
            configuration.port = port
            let second = try PrometheusEndpoint(MetricsRegistry(), configuration: configuration)
            let expected = PrometheusEndpointError.bind(host: "127.0.0.1", port: port, errno: EADDRINUSE)
            let words = "another program listens there; choose another port (errno \(EADDRINUSE))."
            #expect(expected.description == "Cannot listen on 127.0.0.1, port \(port): \(words)")
            await #expect(throws: expected) { try await second.run() }
            await #expect(throws: PrometheusEndpointError.notBound) { try await second.waitUntilBound() }
            await #expect(throws: PrometheusEndpointError.alreadyRun) { try await second.run() }
        }
        var configuration = PrometheusEndpointConfiguration()
        configuration.host = "no-such-host.invalid"
        let nowhere = try PrometheusEndpoint(MetricsRegistry(), configuration: configuration)
        await #expect(throws: PrometheusEndpointError.unknownHost("no-such-host.invalid")) { try await nowhere.run() }
    }
}
