// SPDX-License-Identifier: MIT OR Apache-2.0

import Dispatch
import ExampleSession
import Glibc
import Vitrine
import VitrineObservability
import VitrineTimelines

/// Writes what happens on both sides of the VM boundary as timelines for Perfetto: `just example timeline [FOLDER]`.
///
/// The folder, by default the one it is run in, gets `timeline.json` and `timeline.pftrace`. Open either one at
/// https://ui.perfetto.dev, which reads it in the browser and uploads nothing.
@main
enum Timeline {
    private static let usage = """
        usage: timeline [FOLDER]
          Writes timeline.json and timeline.pftrace into a folder that is there, else into the one it is run in.
        """

    static func main() async {
        do {
            try await run()
        } catch let error as TimelineError {
            print("\(error); is the folder there, and may this program write into it?")
            exit(1)
        } catch {
            print(error)
            exit(1)
        }
    }

    private static func run() async throws {
        let folder = CommandLine.arguments.dropFirst().first ?? "."
        guard !folder.hasPrefix("-") else { return print(usage) }
        let chrome = try ChromeTraceWriter(path: folder + "/timeline.json")
        let perfetto = try PerfettoTraceWriter(path: folder + "/timeline.pftrace")
        let registry = MetricsRegistry()
        Metrics.install(registry)
        // Spans of the vCPU's runs overlap those of calls back into the host, which would get lanes of their own.
        let filter = try TelemetryFilter.environment() ?? TelemetryFilter(parsing: "info,vitrine.hypervisor=none")
        Telemetry.install(FilteredSubscriber(filter, FanOut(chrome, perfetto)))
        defer {
            Telemetry.uninstall()
            Metrics.uninstall()
        }

        // What is counted becomes counter tracks, as often as somebody looks.
        let queue = DispatchQueue(label: "snapshots")
        let timer = DispatchSource.makeTimerSource(queue: queue)
        timer.schedule(deadline: .now(), repeating: .milliseconds(2))
        timer.setEventHandler {
            let time = Timestamp.now
            let snapshot = registry.snapshot()
            chrome.record(snapshot, at: time)
            perfetto.record(snapshot, at: time)
        }
        timer.resume()
        defer { timer.cancel() }

        try await withSpan("session", target: "vitrine.host.example") {
            // Both guests at once: their spans overlap in time, and each has its lanes.
            try await withThrowingTaskGroup { group in
                for guest in ExampleSession.guests {
                    group.addTask {
                        try withSpan("visit", target: "vitrine.host.example", [Field("guest", guest)]) {
                            try ExampleSession.run(guest: guest)
                        }
                    }
                }
                try await group.waitForAll()
            }
            event("both guests were called", target: "vitrine.host.example")
        }

        timer.cancel()
        queue.sync {}
        chrome.close()
        perfetto.close()
        print(
            "wrote \(folder)/timeline.json and \(folder)/timeline.pftrace;", chrome.losses.recordCount,
            "records were left out")
        print("open one of them at https://ui.perfetto.dev")
    }
}
