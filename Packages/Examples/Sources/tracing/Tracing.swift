// SPDX-License-Identifier: MIT OR Apache-2.0

import ExampleSession
import Glibc
import VitrineLogWriters
import VitrineObservability

/// Prints what happens on both sides of the VM boundary as trees: `just example tracing`.
///
/// `VITRINE_LOG` chooses what, in the words of `RUST_LOG`: `VITRINE_LOG=none,vitrine.host=info just example tracing`
/// shows the host's operations alone, `VITRINE_LOG=trace` all there is, `VITRINE_LOG='warn,[call]=debug'` what happens in
/// calls. Without it: `info,vitrine.hypervisor=none`.
@main
enum Tracing {
    static func main() {
        do {
            try run()
        } catch {
            print(error)
            exit(1)
        }
    }

    private static func run() throws {
        let filter = try TelemetryFilter.environment() ?? TelemetryFilter(parsing: "info,vitrine.hypervisor=none")
        // A subscriber prints; the filter in front of it decides, at each call site once, what it gets to see.
        Telemetry.install(FilteredSubscriber(filter, TreeWriter(fileDescriptor: 1, color: .automatic)))
        defer {
            Telemetry.flush()
            Telemetry.uninstall()
        }

        try withSpan("session", target: "vitrine.host.example") { span in
            span.add(Field("filter", filter.description))
            try ExampleSession.run()
            event("both guests were called", target: "vitrine.host.example")
        }
    }
}
