// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineObservability
import VitrineObservabilityTesting

@Suite("Sampler")
struct SamplerTests {
    private func trace(_ low: UInt64, high: UInt64 = 1) throws -> TraceID {
        try #require(TraceID(high: high, low: low))
    }

    @Test("samples all or none", arguments: [1, 2, 1 << 63, UInt64.max])
    func constant(low: UInt64) throws {
        #expect(Sampler.alwaysOn.isSampled(try trace(low)))
        #expect(!Sampler.alwaysOff.isSampled(try trace(low)))
        #expect(Sampler.traceIDRatio(1).isSampled(try trace(low)))
        #expect(!Sampler.traceIDRatio(0).isSampled(try trace(low)))
    }

    @Test("takes nonsense for the nearest sense", arguments: [(-1.0, 0.0), (.nan, 0), (2, 1), (.infinity, 1)])
    func nonsense(ratio: Double, meaning: Double) throws {
        for low: UInt64 in [0, 1, .max] {
            #expect(
                Sampler.traceIDRatio(ratio).isSampled(try trace(low))
                    == Sampler.traceIDRatio(meaning).isSampled(try trace(low)))
        }
    }

    @Test("chooses by the last eight bytes, below ratio × 2⁶⁴, as other libraries do")
    func bound() throws {
        for (ratio, first) in [(0.5, UInt64(1) << 63), (0.25, 1 << 62), (0x1p-64, 1)] {
            for high: UInt64 in [1, .max] {
                #expect(Sampler.traceIDRatio(ratio).isSampled(try trace(first - 1, high: high)))
                #expect(!Sampler.traceIDRatio(ratio).isSampled(try trace(first, high: high)))
            }
        }
    }

    @Test("samples with a larger ratio what it samples with a smaller one")
    func monotone() {
        let ratios = [0, 0.001, 0.1, 0.3, 0.5, 0.9, 1]
        for _ in 0..<2_000 {
            let trace = TraceID.random()
            let answers = ratios.map { Sampler.traceIDRatio($0).isSampled(trace) }
            #expect(answers == answers.sorted { !$0 && $1 })
        }
    }

    @Test("leaves a remote parent its flag if it is parent-based, and decides anew if not")
    func remote() throws {
        let samplers: [(Sampler, whenSampled: Bool, whenNot: Bool)] = [
            (.default, true, false), (.parentBased(.alwaysOff), true, false), (.alwaysOn, true, true),
            (.alwaysOff, false, false), (.parentBased(.traceIDRatio(0)), true, false), (.traceIDRatio(1), true, true),
        ]
        for (sampler, whenSampled, whenNot) in samplers {
            for flags: TraceFlags in [TraceFlags(rawValue: 0x03), TraceFlags(rawValue: 0x02)] {
                let parent = SpanContext(traceID: try trace(7), spanID: .random(), flags: flags)
                let decided = sampler.decided(parent)
                #expect(decided.flags.contains(.sampled) == (flags.contains(.sampled) ? whenSampled : whenNot))
                // The other flags are not the sampler's.
                #expect(decided.flags.union(.sampled) == TraceFlags(rawValue: 0x03))
                #expect(decided.traceID == parent.traceID)
                #expect(decided.spanID == parent.spanID)
            }
        }
    }

    @Test("is parent-based over each of the others")
    func parentBased() {
        #expect(Sampler.parentBased(.traceIDRatio(0.5)) == Sampler(root: .traceIDRatio(0.5), isParentBased: true))
        #expect(Sampler.parentBased(.default) == .default)
        #expect(Sampler.default == .parentBased(.alwaysOn))
    }
}

/// These install samplers for the process, and so they run one after the other and apart from those that look at flags.
@Suite("Sampler, installed", .serialized)
struct InstalledSamplerTests {
    /// The spans of a tree of two, each with its event, and a trace of one.
    private func spans(_ sampler: Sampler) throws -> InMemorySubscriber {
        let memory = InMemorySubscriber()
        Telemetry.install(sampler: sampler)
        defer { Telemetry.install(sampler: .default) }
        Telemetry.withSubscriber(memory) {
            withSpan("root") { withSpan("child") { event("inside") } }
            let parent = SpanContext(traceID: .random(), spanID: .random(), flags: [])
            withSpan("below", parent: .span(parent)) {}
        }
        return memory
    }

    @Test("decides at the root, and all below have its flag; subscribers get everything", arguments: [true, false])
    func root(isOn: Bool) throws {
        let memory = try spans(isOn ? .alwaysOn : .alwaysOff)
        let flags: TraceFlags = isOn ? .sampled : []
        #expect(try #require(memory.span(named: "root")).context.flags == flags)
        #expect(try #require(memory.span(named: "child")).context.flags == flags)
        #expect(memory.events.map(\.context?.flags) == [flags])
        // Its parent was decided on elsewhere.
        #expect(try #require(memory.span(named: "below")).context.flags == [])
    }

    @Test(
        "agrees with what it says of each trace, also for spans made elsewhere", arguments: [0, 0x1p-10, 0.25, 0.5, 1])
    func ratio(ratio: Double) {
        let sampler = Sampler.traceIDRatio(ratio)
        Telemetry.install(sampler: .parentBased(sampler))
        defer { Telemetry.install(sampler: .default) }
        #expect(Telemetry.sampler == .parentBased(sampler))
        var sampledCount = 0
        for number in 0..<4_000 {
            let memory = InMemorySubscriber()
            var context = SpanContext(below: nil)
            if number.isMultiple(of: 2) {
                Telemetry.withSubscriber(memory) { withSpan("root") {} }
                context = memory.spans.first?.context ?? context
            }
            #expect(context.flags.contains(.sampled) == sampler.isSampled(context.traceID))
            sampledCount += context.flags.contains(.sampled) ? 1 : 0
        }
        // Far beyond what chance does: for 0.5, 13 standard deviations.
        #expect(abs(Double(sampledCount) - 4_000 * ratio) <= 400)
    }

    @Test("leaves the flags of a parent to its children, unknown ones too")
    func inherited() {
        Telemetry.install(sampler: .alwaysOn)
        defer { Telemetry.install(sampler: .default) }
        for flags: TraceFlags in [[], TraceFlags(rawValue: 0x03), TraceFlags(rawValue: 0xFE)] {
            let parent = SpanContext(traceID: .random(), spanID: .random(), flags: flags)
            let child = SpanContext(below: parent)
            #expect(child.flags == flags)
            #expect(child.traceID == parent.traceID)
            #expect(child.spanID != parent.spanID)
        }
    }
}
