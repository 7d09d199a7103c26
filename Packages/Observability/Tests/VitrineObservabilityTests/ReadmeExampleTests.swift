// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Testing
import VitrineObservability
import VitrineObservabilityTesting

struct OutOfStock: Error {}

let orders = MetricsRegistry.shared.counter("orders_total", help: "Orders taken.", labels: [("shop", "north")])

func place(_ item: String, count: Int) throws(OutOfStock) -> Int {
    try withSpan("order", [Field("item", item), Field("count", count)]) { span throws(OutOfStock) in
        event("reserving", level: .debug)
        guard count <= 3 else { throw OutOfStock() }
        orders.increment()
        span.add(Field("price", count * 5))
        return count * 5
    }
}

@Suite("The README's example")
struct ReadmeExampleTests {
    @Test("an order is a span with its price")
    func order() throws {
        let memory = InMemorySubscriber()
        let price = try Telemetry.withSubscriber(memory) { () throws(OutOfStock) in
            try place("cup", count: 2)
        }
        #expect(price == 10)
        let span = try #require(memory.span(named: "order"))
        #expect(span.fields == [Field("item", "cup"), Field("count", 2), Field("price", 10)])
        #expect(memory.mismatch([SpanPattern("order", events: ["reserving"])]) == nil)
    }

    @Test("is the code of this file")
    func sameText() throws {
        let here = URL(filePath: #filePath)
        let readme = here.deletingLastPathComponent().appending(path: "../../README.md")
        let own = try String(contentsOf: here, encoding: .utf8)
        let blocks = try String(contentsOf: readme, encoding: .utf8).split(separator: "```swift\n").dropFirst()
        #expect(blocks.count >= 2)
        for block in blocks {
            let lines = (block.split(separator: "```").first ?? "").split(separator: "\n")
            for line in lines {
                let code = line.trimmingCharacters(in: .whitespaces)
                #expect(own.contains(code), "not in this file: \(code)")
            }
        }
    }
}

extension InstallationTests {
    @Test("the README's filter is read, and changed while it is installed")
    func readmeFilter() throws {
        let memory = InMemorySubscriber()
        let filter = try TelemetryFilter.environment() ?? TelemetryFilter(upTo: .info)  // VITRINE_LOG
        let filtered = FilteredSubscriber(filter, memory)
        Telemetry.install(filtered)
        defer { Telemetry.uninstall() }
        filtered.filter = try TelemetryFilter(parsing: "warn,vitrine.guest=trace,[request]=debug")
        event("not wanted", target: "readme-filter")
        event("wanted", target: "vitrine.guest.readme-filter", level: .trace)
        #expect(memory.events.filter { $0.metadata.target.hasSuffix("readme-filter") }.map(\.message) == ["wanted"])
    }
}

extension InstalledSamplerTests {
    @Test("the README's sampler is installed")
    func readmeSampler() {
        Telemetry.install(sampler: .parentBased(.traceIDRatio(0.1)))
        defer { Telemetry.install(sampler: .default) }
        #expect(Telemetry.sampler == Sampler(root: .traceIDRatio(0.1), isParentBased: true))
    }
}
