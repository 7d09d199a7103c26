// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import Tracing
import VitrineObservability
import VitrineObservabilityTesting
import VitrineSwiftTracing

extension RemoteParents {
    @Suite("Sampling of a tracer's spans")
    struct SamplingTests {
        private struct Headers: Injector, Extractor {
            func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) {
                carrier[key] = value
            }
            func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
        }

        private let tracer = VitrineTracer()

        private func header(_ low: UInt64, isSampled: Bool) -> String {
            let digits = String(low, radix: 16)
            return "00-0af7651916cd43dd" + String(repeating: "0", count: 16 - digits.utf8.count) + digits
                + "-b7ad6b7169203331-0" + (isSampled ? "1" : "0")
        }

        /// A span of the tracer with one of ours inside, below a remote parent if there is one, and the header that it sends on.
        private func spans(
            _ sampler: Sampler, below header: String? = nil
        ) throws -> (outer: SpanContext, inner: SpanContext, onward: String) {
            Telemetry.install(sampler: sampler)
            defer { Telemetry.install(sampler: .default) }
            let memory = InMemorySubscriber()
            var onward: [String: String] = [:]
            Telemetry.withSubscriber(memory) {
                var context = ServiceContext.topLevel
                if let header { tracer.extract(["traceparent": header], into: &context, using: Headers()) }
                tracer.withSpan("serve", context: context) { span in
                    tracer.inject(span.context, into: &onward, using: Headers())
                    VitrineObservability.withSpan("ours") {}
                }
            }
            return (
                try #require(memory.span(named: "serve")).context, try #require(memory.span(named: "ours")).context,
                try #require(onward["traceparent"])
            )
        }

        @Test(
            "A root has the flag that the sampler gives it, and so have spans of ours inside", arguments: [true, false])
        func root(isOn: Bool) throws {
            for sampler in [isOn ? Sampler.alwaysOn : .alwaysOff, .parentBased(isOn ? .alwaysOn : .alwaysOff)] {
                let (outer, inner, onward) = try spans(sampler)
                #expect(outer.flags == (isOn ? .sampled : []))
                #expect(inner.flags == outer.flags)
                #expect(inner.traceID == outer.traceID)
                #expect(onward.hasSuffix(isOn ? "-01" : "-00"))
            }
        }

        @Test("By a ratio, roots are sampled as the ratio says of their trace")
        func ratio() throws {
            var counts = [true: 0, false: 0]
            for _ in 0..<200 {
                let (outer, inner, _) = try spans(.parentBased(.traceIDRatio(0.5)))
                let isSampled = Sampler.traceIDRatio(0.5).isSampled(outer.traceID)
                #expect(outer.flags == (isSampled ? .sampled : []))
                #expect(inner.flags == outer.flags)
                counts[isSampled, default: 0] += 1
            }
            // That one of them is missing is less likely than one in 10⁵⁹.
            #expect(counts.values.allSatisfy { $0 > 0 })
        }

        @Test("A remote parent keeps its flag, whatever is decided on roots", arguments: [true, false])
        func remote(isSampled: Bool) throws {
            for root in [Sampler.alwaysOn, .alwaysOff, .traceIDRatio(0.5)] {
                let header = header(7, isSampled: isSampled)
                let (outer, inner, onward) = try spans(.parentBased(root), below: header)
                #expect(outer.flags == (isSampled ? .sampled : []))
                #expect(inner.flags == outer.flags)
                #expect(onward.prefix(36) == header.prefix(36))
                #expect(onward.suffix(3) == header.suffix(3))
            }
        }

        @Test("A sampler that is not parent-based decides anew on a remote parent", arguments: [true, false])
        func anew(isSampled: Bool) throws {
            let decisions: [(Sampler, low: UInt64, flags: TraceFlags)] = [
                (.alwaysOn, 7, .sampled), (.alwaysOff, 7, []),
                (.traceIDRatio(0.5), 7, .sampled), (.traceIDRatio(0.5), 1 << 63, []),
            ]
            for (sampler, low, flags) in decisions {
                let (outer, inner, onward) = try spans(sampler, below: header(low, isSampled: isSampled))
                #expect(outer.flags == flags)
                #expect(inner.flags == flags)
                #expect(onward.hasSuffix(flags == .sampled ? "-01" : "-00"))
            }
        }
    }
}
