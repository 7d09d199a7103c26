// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineObservability
import VitrineObservabilityTesting

@Suite("FanOut")
struct FanOutTests {
    @Test("gives each subscriber what it wants and no more")
    func branches() throws {
        let all = InMemorySubscriber()
        let errors = InMemorySubscriber(maximumLevel: .error)
        let shop = InMemorySubscriber()
        let fanOut = FanOut(all, errors, FilteredSubscriber(try TelemetryFilter(parsing: "shop=info"), shop))
        #expect(fanOut.maximumLevel == .trace)
        Telemetry.withSubscriber(fanOut) {
            withSpan("order", target: "shop") {
                event("one", target: "shop", level: .info)
                event("two", target: "shop", level: .debug)
                event("three", target: "bank", level: .error)
            }
        }
        #expect(all.events.map(\.message) == ["one", "two", "three"])
        #expect(errors.events.map(\.message) == ["three"])
        #expect(errors.spans.isEmpty)
        #expect(shop.events.map(\.message) == ["one"])
        #expect(shop.span(named: "order") == all.span(named: "order"))
        #expect(all.events[0].time == shop.events[0].time)
    }

    @Test("thinks of a call site what its subscribers agree on")
    func interest() throws {
        let event = Metadata(name: "event", target: "shop", level: .debug)
        let shop = FilteredSubscriber(try TelemetryFilter(parsing: "shop=debug"), InMemorySubscriber())
        let bank = FilteredSubscriber(try TelemetryFilter(parsing: "bank=debug"), InMemorySubscriber())
        #expect(FanOut(shop, InMemorySubscriber()).interest(in: event) == .always)
        #expect(FanOut(shop, bank).interest(in: event) == .sometimes)
        #expect(FanOut(bank, InMemorySubscriber(maximumLevel: .info)).interest(in: event) == .never)
        #expect(FanOut([]).interest(in: event) == .never)
        #expect(FanOut([]).maximumLevel == .off)
        #expect(FanOut(shop, bank).isEnabled(event, in: nil))
        #expect(!FanOut(bank).isEnabled(event, in: nil))
    }
}
