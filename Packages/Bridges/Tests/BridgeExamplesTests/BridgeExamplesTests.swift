// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing

/// The programs are run, and print what their comments promise.
@Suite("Examples of the bridges")
struct BridgeExamplesTests {
    @Test("bridge-log: records go through the core and back, with their level, place and span")
    func log() throws {
        let run = try BridgeRun("bridge-log")
        #expect(run.status == 0)
        #expect(run.lines.count == 4)
        let order = try #require(run.lines.first { $0.contains("-> order") })
        #expect(order.contains(" info shop: count=2 item=cup "))
        let notice = try #require(run.lines.first { $0.hasSuffix("stock is low") })
        #expect(notice.contains(" notice shop.checkout: left=3 shelf.row=B span_id="))
        let event = try #require(run.lines.first { $0.hasSuffix("reserved") })
        #expect(event.contains(" info shop: price=9.5 span_id="))
        // All are of one span.
        let spans = run.lines.compactMap { $0.split(separator: " ").first { $0.hasPrefix("span_id=") } }
        #expect(spans.count == 4)
        #expect(Set(spans).count == 1)
        #expect(run.lines.contains { $0.contains(" duration_ns=") && $0.hasSuffix("<- order") })
    }

    @Test("bridge-metrics: instruments go out to a factory, and come in to the registry")
    func metrics() throws {
        let run = try BridgeRun("bridge-metrics")
        #expect(run.status == 0)
        #expect(
            run.lines == [
                "increment counter metric.name=orders_total metric.dimensions=[shop=north] metric.amount=3",
                "increment meter metric.name=sandboxes metric.delta=2.0",
                "record duration metric.name=call_seconds metric.nanoseconds=31000",
                "http_duration {} 1 in all, sum 0.012",
                "http_requests {method=GET} 1",
            ])
    }

    @Test("bridge-tracing: spans of both packages are one tree, within the caller's trace")
    func tracing() throws {
        let run = try BridgeRun("bridge-tracing")
        #expect(run.status == 0)
        try #require(run.lines.count == 4)
        #expect(run.lines[0].hasPrefix("sent on: 00-0af7651916cd43dd8448eb211c80319c-"))
        // The span that is sent on is `pay`, not the one that came.
        #expect(!run.lines[0].contains("b7ad6b7169203331"))
        #expect(run.lines[1].hasPrefix("GET /cup: "))
        #expect(run.lines[2].hasPrefix("  order: ") && run.lines[2].hasSuffix(" ns, reserved"))
        #expect(run.lines[3].hasPrefix("    pay: "))
    }
}
