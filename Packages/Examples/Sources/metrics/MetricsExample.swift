// SPDX-License-Identifier: MIT OR Apache-2.0

import ExampleSession
import Glibc
import Vitrine
import VitrineObservability
import VitrinePrometheus

/// Counts a session, and prints the counts as Prometheus scrapes them: `just example metrics`.
///
/// `just example metrics | promtool check metrics` holds the text to Prometheus' own rules.
@main
enum MetricsExample {
    static func main() {
        do {
            try run()
        } catch {
            print(error)
            exit(1)
        }
    }

    private static func run() throws {
        // Without a recorder nothing is counted. Builders made from here on count in this one.
        let registry = MetricsRegistry()
        Metrics.install(registry)
        defer { Metrics.uninstall() }

        // An application counts beside the library, in the same registry.
        let sessions = Metrics.recorder.counter("example_sessions_total", help: "Sessions that were run.")
        try ExampleSession.run { builder in
            // How long each function takes, by name, is off unless asked for.
            builder.recordsCallDurations = true
        }
        sessions.increment()

        print(PrometheusText.render(registry.snapshot()), terminator: "")
    }
}
