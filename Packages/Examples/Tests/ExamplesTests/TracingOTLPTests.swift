// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing

/// What `just test-integration` cannot see: the command line, and a run without a receiver.
@Suite("tracing-otlp")
struct TracingOTLPTests {
    /// No variable of the shell around is heard, and nobody listens at the port, which only root could open.
    private static let quiet = ["OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:1", "VITRINE_LOG": "info"]

    @Test("teaches where it sends, what it hears and how it ends")
    func help() throws {
        let run = try ExampleRun("tracing-otlp", ["--help"])
        #expect(run.status == 0)
        for word in [
            "jaegertracing/all-in-one", "OTEL_EXPORTER_OTLP_ENDPOINT", "Ctrl-C", "--once", "--json <file>",
            "--metrics-port <port>", "--endpoint <url>", "--patience <seconds>", "VITRINE_LOG",
        ] {
            #expect(run.output.contains(word), "\(word)")
        }
        #expect(try ExampleRun("tracing-otlp", ["--twice"]).status == 64)
    }

    @Test("without a receiver says so once, kindly, and counts at the end what was lost")
    func nobody() throws {
        let run = try ExampleRun("tracing-otlp", ["--once"], environment: Self.quiet)
        #expect(run.status == 1)
        #expect(run.lines.first == "sending to http://127.0.0.1:1")
        #expect(run.lines.count { $0.hasPrefix("no receiver answers (") } == 1)
        let last = try #require(run.lines.last)
        #expect(last.hasPrefix("1 session; spans: 0 sent, "))
        #expect(last.contains(" dropped (shutdown); log records: 0 sent, "))
    }

    @Test("sends nothing when telemetry is switched off")
    func disabled() throws {
        let environment = Self.quiet.merging(["OTEL_SDK_DISABLED": "true"]) { _, new in new }
        let run = try ExampleRun("tracing-otlp", ["--once"], environment: environment)
        #expect(run.status == 0)
        #expect(run.lines == ["telemetry is switched off by OTEL_SDK_DISABLED: nothing is sent", "1 session"])
    }

    @Test("names the variable of a bad value")
    func badValue() throws {
        let environment = Self.quiet.merging(["OTEL_BSP_MAX_QUEUE_SIZE": "many"]) { _, new in new }
        let run = try ExampleRun("tracing-otlp", ["--once"], environment: environment)
        #expect(run.status == 1)
        #expect(run.output.contains("OTEL_BSP_MAX_QUEUE_SIZE") && run.output.contains("many"))
    }
}
