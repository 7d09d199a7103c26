// SPDX-License-Identifier: MIT OR Apache-2.0

import ExampleSession
import Glibc
import VitrineLogWriters
import VitrineObservability

/// Prints what happens on both sides of the VM boundary as trees: `just example tracing`.
///
/// `VITRINE_LOG` chooses what, in the words of `RUST_LOG`: `VITRINE_LOG=none,vitrine.host=info just example tracing`
/// shows the host's operations alone, `VITRINE_LOG=trace` all there is, `VITRINE_LOG='warn,[call]=debug'` what happens in
/// calls. Without it: `info,vitrine.hypervisor=none`, and a second tree for which the filter is changed.
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
        let wanted = try TelemetryFilter.environment()
        let filter = try wanted ?? TelemetryFilter(parsing: "info,vitrine.hypervisor=none")
        // A subscriber prints; the filter in front of it decides, at each call site once, what it gets to see.
        let filtered = FilteredSubscriber(filter, TreeWriter(fileDescriptor: 1, color: .automatic))
        Telemetry.install(filtered)
        defer {
            Telemetry.flush()
            Telemetry.uninstall()
        }

        try withSpan("session", target: "vitrine.host.example") { span in
            span.add(Field("filter", filter.description))
            for guest in ExampleSession.guests {
                // A span of the application: what the library and the guest do in it lies below, and takes its share.
                try withSpan("visit", target: "vitrine.host.example", [Field("guest", guest)]) {
                    try ExampleSession.run(guest: guest)
                }
            }
            event("both guests were called", target: "vitrine.host.example")
        }

        guard wanted == nil else { return }
        // A server would do this on a signal or at an operator's request, and set the old filter again afterwards.
        filtered.filter = TelemetryFilter(upTo: .trace)
        try withSpan("closer look", target: "vitrine.host.example", level: .debug) {
            try ExampleSession.greet(guest: ExampleSession.guests[0])
        }
        filtered.filter = filter
    }
}
