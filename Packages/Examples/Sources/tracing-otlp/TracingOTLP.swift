// SPDX-License-Identifier: MIT OR Apache-2.0

import ArgumentParser
import ExampleSession
import Foundation
import Vitrine
import VitrineLogWriters
import VitrineOTLPExport
import VitrineOTLPHTTP
import VitrineObservability
import VitrineOpenTelemetry
import VitrinePrometheusEndpoint

/// Sends the spans of host and guests to a receiver of OpenTelemetry's protocol: `just example tracing-otlp`.
@main
struct TracingOTLP: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "tracing-otlp",
        abstract: "Sends the spans of sandboxes and their guests to a receiver of OpenTelemetry's protocol.",
        discussion: """
            Runs a session with two guests every second, until you press a key or end it by Ctrl-C. Spans with their \
            events, log records and metrics go to http://localhost:4318, where Jaeger, the OpenTelemetry Collector and \
            others listen:

              docker run --rm -p 16686:16686 -p 4318:4318 jaegertracing/all-in-one
              OTEL_METRICS_EXPORTER=none OTEL_LOGS_EXPORTER=none just example tracing-otlp

            and then http://localhost:16686 shows the service vitrine-tracing-otlp. The two variables leave out what \
            Jaeger does not take.

            The variables of OpenTelemetry are heard, among them OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS, \
            OTEL_SERVICE_NAME, OTEL_TRACES_SAMPLER and OTEL_SDK_DISABLED. So are VITRINE_LOG, which chooses what is \
            recorded (“info” unless said otherwise), and VITRINE_BACKEND.

            Ends with 0 if the receiver took all spans and log records, with 1 if some were lost, a session went wrong or \
            a variable is wrong, and with 64 if the command line is wrong.
            """)

    @Flag(help: "Run one session, send it, and end.")
    var once = false

    @Option(help: ArgumentHelp("Where the receiver listens; overrides the variable.", valueName: "url"))
    var endpoint: String?

    @Option(
        help: ArgumentHelp(
            "Also write what is sent to a file, a line of JSON for each span and event.", valueName: "file")
    )
    var json: String?

    @Option(
        help: ArgumentHelp("Also serve the metrics to Prometheus, at /metrics of this port.", valueName: "port"))
    var metricsPort: Int?

    @Option(help: ArgumentHelp("How long the end may take to send what is left.", valueName: "seconds"))
    var patience: UInt32 = 5

    func run() throws {
        var environment = ProcessInfo.processInfo.environment
        if let endpoint { environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint }
        var configuration = OpenTelemetryConfiguration()
        configuration.serviceName = "vitrine-tracing-otlp"
        try configuration.apply(environment: environment)
        let (milliseconds, isTooLong) = patience.multipliedReportingOverflow(by: 1_000)
        configuration.shutdownTimeoutMilliseconds = isTooLong ? .max : milliseconds

        let registry = MetricsRegistry()
        Metrics.install(registry)
        let notices = Notices()
        let telemetry = try OpenTelemetry.start(configuration, metrics: registry, onNotice: { notices.hear($0) })
        telemetry.install()
        try installAlso(telemetry.exporter)
        if telemetry.exporter != nil {
            print("sending to \(Self.receiver(configuration))")
        } else if configuration.isDisabled {
            print("telemetry is switched off by OTEL_SDK_DISABLED: nothing is sent")
        } else {
            print("OTEL_TRACES_EXPORTER and its like are none: nothing is sent")
        }

        if let metricsPort { try Self.serve(registry, port: metricsPort) }

        let stop = StopRequest()
        if !once { print("a session every second; press any key to end") }
        var sessionCount = 0
        var failureCount = 0
        repeat {
            sessionCount += 1
            do { try Self.session(number: sessionCount) } catch {
                failureCount += 1
                print("session \(sessionCount): \(error)")
            }
        } while !once && !stop.comes(withinMilliseconds: 1_000)

        let report = telemetry.shutdown()
        Telemetry.uninstall()
        print("\(sessionCount) \(sessionCount == 1 ? "session" : "sessions")", terminator: "")
        if let report { print("; " + Self.summary(report), terminator: "") }
        print()
        if failureCount > 0 || report.map(Self.lost) ?? 0 > 0 { throw ExitCode.failure }
    }

    /// Where spans go: the base of all signals, or the address that they have to themselves.
    private static func receiver(_ configuration: OpenTelemetryConfiguration) -> Substring {
        let url = configuration.receivers.traces.url
        return url.hasSuffix("/v1/traces") ? url.dropLast("/v1/traces".count) : url[...]
    }

    /// The exporter behind the filter of `VITRINE_LOG`, and the file beside it.
    private func installAlso(_ exporter: OTLPExporter?) throws {
        let filter = try TelemetryFilter.environment() ?? TelemetryFilter(upTo: .info)
        var subscribers: [any Subscriber] = exporter.map { [$0] } ?? []
        if let json { subscribers.append(JSONLinesWriter(to: BufferedSink(try RotatingFileSink(path: json)))) }
        Telemetry.install(FilteredSubscriber(filter, FanOut(subscribers)))
    }

    /// Serves what is counted here and by the exporter, until the program ends.
    private static func serve(_ registry: MetricsRegistry, port: Int) throws {
        var configuration = PrometheusEndpointConfiguration()
        configuration.port = port
        let endpoint = try PrometheusEndpoint(registry, configuration: configuration)
        Task.detached {
            do { try await endpoint.run() } catch { print("no metrics are served: \(error)") }
        }
        print("metrics at http://localhost:\(port)/metrics")
    }

    /// A session is a trace; what is said outside of its spans is a log record.
    private static func session(number: Int) throws {
        event("a session begins", target: "example", [Field("number", number)])
        try withSpan("session", target: "example", kind: .server, [Field("number", number)]) {
            for guest in ExampleSession.guests {
                try withSpan("visit", target: "example", [Field("guest", guest)]) {
                    try ExampleSession.run(guest: guest) { $0.recordsCallDurations = true }
                }
            }
        }
    }

    private static func lost(_ report: OTLPShutdownReport) -> Int {
        report.spans.droppedCount + report.logs.droppedCount
    }

    private static func summary(_ report: OTLPShutdownReport) -> String {
        [("spans", report.spans), ("log records", report.logs)].map { name, counts in
            let reasons = counts.droppedCounts.filter { $0.value > 0 }.map {
                "\($0.value) dropped (\($0.key.rawValue))"
            }
            let dropped = reasons.isEmpty ? "none dropped" : reasons.sorted().joined(separator: ", ")
            return "\(name): \(counts.sentCount) sent, \(dropped)"
        }.joined(separator: "; ")
    }
}
