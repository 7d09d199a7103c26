// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineObservability
import VitrineObservabilityTesting

@Suite("TelemetryContext")
struct TelemetryContextTests {
    private struct Failure: Error, Equatable {}

    @Test("carries span and subscriber to where they are not inherited")
    func carried() async throws {
        let memory = InMemorySubscriber()
        await Telemetry.withSubscriber(memory) {
            await withSpan("outer") {
                let context = TelemetryContext.current
                await Task.detached {
                    withSpan("lost") {}
                    context.run { withSpan("carried") {} }
                    #expect(SpanContext.current == nil)
                }.value
            }
        }
        let outer = try #require(memory.span(named: "outer"))
        #expect(try #require(memory.span(named: "carried")).parent == outer.context.spanID)
        #expect(memory.span(named: "lost") == nil)
    }

    @Test("passes a typed error through, and an empty context changes nothing")
    func error() {
        #expect(throws: Failure()) {
            try TelemetryContext.current.run { () throws(Failure) in throw Failure() }
        }
        #expect(TelemetryContext.current.span == nil)
    }
}
