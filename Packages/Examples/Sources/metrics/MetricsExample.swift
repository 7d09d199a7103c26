// SPDX-License-Identifier: MIT OR Apache-2.0

import ExampleSession
import Glibc
import Vitrine
import VitrineLogWriters
import VitrineObservability
import VitrinePrometheus

/// Counts a session, and prints the counts as Prometheus scrapes them: `just example metrics`.
///
/// `just example metrics | promtool check metrics` holds the text to Prometheus' own rules; `just example metrics --serve`
/// has it scraped over HTTP.
@main
enum MetricsExample {
    static func main() async {
        do {
            let arguments = try MetricsArguments(CommandLine.arguments.dropFirst())
            if arguments.wantsHelp { return print(MetricsArguments.usage, terminator: "") }
            try await run(arguments)
        } catch let misuse as MetricsArguments.Misuse {
            print("\(misuse)\n\(MetricsArguments.usage)", terminator: "")
            exit(2)
        } catch {
            print(error)
            exit(1)
        }
    }

    private static func run(_ arguments: MetricsArguments) async throws {
        // Without a recorder nothing is counted. Builders made from here on count in this one. Exemplars are of use to who
        // scrapes it, and need spans that somebody listens to.
        let registry = MetricsRegistry(keepsExemplars: arguments.port != nil)
        if arguments.port != nil { Telemetry.install(TreeWriter(fileDescriptor: 2, maximumLevel: .info)) }
        defer { Telemetry.uninstall() }
        Metrics.install(registry)
        defer { Metrics.uninstall() }

        // An application counts beside the library, in the same registry. Instruments are asked for once and kept.
        let sessions = registry.counterFamily(
            MetricDescriptor("example_sessions_total", help: "Sessions that were run, by guest and how they went."),
            labelNames: ["guest", "outcome"])
        let durations = registry.histogram(
            "example_session_duration_seconds", unit: .seconds, help: "How long a session took.",
            buckets: .explicit([0.01, 0.03, 0.1, 0.3, 1, 3]))
        let failures = registry.counter("example_failures_total", help: "Sessions that went wrong.")

        var failure: (any Error)?
        for guest in ExampleSession.guests {
            let start = ContinuousClock.now
            withSpan("session", [Field("guest", guest)]) { span in
                do {
                    try ExampleSession.run(guest: guest) { builder in
                        // How long each function takes, by name, is off unless asked for.
                        builder.recordsCallDurations = true
                    }
                    sessions.increment(guest, "ok")
                } catch {
                    // What the labels say is from a small set; words of an error would make a series of each.
                    sessions.increment(guest, (error as? SandboxError)?.code.name ?? "surprise")
                    failures.increment()
                    failure = error
                    span.setError("\(error)")
                }
                durations.record((ContinuousClock.now - start) / .seconds(1))
            }
        }

        if let port = arguments.port { return try await MetricsServing.run(registry, port: port) }
        print(PrometheusText.render(registry.snapshot()), terminator: "")
        if let failure { throw failure }
    }
}
