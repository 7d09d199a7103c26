// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import Vitrine
import VitrineObservability
import VitrineObservabilityTesting

/// One after the other, as the sampler is that of the process. No other test here looks at flags.
@Suite("Sampling of guests' spans", .serialized)
struct SamplingTests {
    private static let guestsOnly = TelemetryFilter([
        FilterDirective(level: .trace), FilterDirective(target: "vitrine.host", level: .off),
        FilterDirective(target: "vitrine.hypervisor", level: .off),
    ])

    /// The guest's spans of a call, with the host's around them or alone.
    private func guestSpans(
        _ place: Place, _ sampler: Sampler, below parent: SpanContext? = nil, alone: Bool = false
    ) throws -> [SpanRecord] {
        let sandbox = try place.sandbox()
        let memory = InMemorySubscriber()
        Telemetry.install(sampler: sampler)
        defer { Telemetry.install(sampler: .default) }
        try Telemetry.withSubscriber(alone ? FilteredSubscriber(Self.guestsOnly, memory) : memory) {
            if let parent {
                try withSpan("request", parent: .span(parent)) { try sandbox.call("trace_nested", Int32(3)) }
            } else {
                try sandbox.call("trace_nested", Int32(3))
            }
        }
        let hostSpans = memory.spans.filter { $0.origin == .host }
        #expect(hostSpans.isEmpty == alone)
        let spans = memory.spans(named: "nested")
        #expect(spans.count == 3 && spans.allSatisfy { $0.origin == .guest })
        #expect(Set(memory.spans.map(\.context.flags)).count == 1)
        return spans
    }

    @Test(
        "Below a root that is not sampled no span of the guest is, and below one that is all are",
        arguments: Places.each)
    func root(_ place: Place) throws {
        for sampler in [Sampler.alwaysOff, .parentBased(.alwaysOff)] {
            #expect(try guestSpans(place, sampler).allSatisfy { $0.context.flags == [] })
        }
        #expect(try guestSpans(place, .alwaysOn).allSatisfy { $0.context.flags == .sampled })
    }

    @Test("A guest's span that is the root of its trace is decided on as others are", arguments: Places.each)
    func guestRoot(_ place: Place) throws {
        #expect(try guestSpans(place, .alwaysOff, alone: true).allSatisfy { $0.context.flags == [] })
        for _ in 0..<16 {
            for span in try guestSpans(place, .parentBased(.traceIDRatio(0.5)), alone: true) {
                let isSampled = Sampler.traceIDRatio(0.5).isSampled(span.context.traceID)
                #expect(span.context.flags == (isSampled ? .sampled : []))
            }
        }
    }

    @Test("A parent from elsewhere leaves its flag to the guest's spans", arguments: Places.each)
    func remote(_ place: Place) throws {
        for flags: TraceFlags in [.sampled, []] {
            let parent = SpanContext(traceID: .random(), spanID: .random(), flags: flags)
            let spans = try guestSpans(
                place, flags == [] ? .parentBased(.alwaysOn) : .parentBased(.alwaysOff), below: parent)
            #expect(spans.allSatisfy { $0.context.flags == flags && $0.context.traceID == parent.traceID })
        }
    }
}
