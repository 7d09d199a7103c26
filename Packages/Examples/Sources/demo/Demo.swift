// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Vitrine
import VitrineEmulator
import VitrineLogWriters
import VitrineObservability
import VitrinePrometheus

/// Shows what Vitrine does, with both sample guests: `just demo`.
@main
enum Demo {
    static func main() {
        do {
            try run()
        } catch {
            print("\nThe demo stopped: \(error)")
            exit(1)
        }
    }

    private static func run() throws {
        let files = try DemoFiles()
        let page = Page()
        page.title("Vitrine: untrusted code in micro-VMs that you can see into")

        // Everything below is told to this one subscriber: the host's spans and the guest's alike.
        let writer = TreeWriter(fileDescriptor: 1, maximumLevel: .debug, color: .automatic)
        let filter = try TelemetryFilter.environment() ?? TelemetryFilter(parsing: "debug,vitrine.hypervisor=none")
        Telemetry.install(FilteredSubscriber(filter, writer))
        Metrics.install(MetricsRegistry.shared)
        defer { Telemetry.uninstall() }

        var traces: [(guest: GuestImage, path: String)] = []
        for name in ["simpleguest", "c_simpleguest"] {
            let image = try GuestImage(file: files.guest(name))
            let language = name.hasPrefix("c_") ? "C" : "Embedded Swift"
            page.chapter("\(name), a guest in \(language)")
            let script = Script(image: image, tracePath: files.trace(name), page: page)
            try script.run()
            traces.append((image, files.trace(name)))
        }

        page.chapter("Counters, as Prometheus would scrape them")
        page.text(PrometheusText.render(MetricsRegistry.shared.snapshot()))

        page.chapter("Allocations of the guests, by function")
        for trace in traces {
            let table = try AllocationTable(tracePath: trace.path, imagePath: files.guest(trace.guest.name))
            page.paragraph(trace.guest.name)
            page.text(table.rendered(rowCount: 6))
        }

        page.chapter("Where things are")
        for trace in traces {
            let guest = files.guest(trace.guest.name)
            page.paragraph("guest image    \(guest)")
            page.paragraph("allocations    \(trace.path)")
            page.paragraph("               just trace-dump \(guest) \(trace.path) list_frames")
        }
        page.paragraph("this program   Packages/Examples/Sources/demo")
        page.paragraph("the smallest   just example hello")
    }
}
