// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import Tracing
import VitrineObservability
import VitrineObservabilityTesting
import VitrineSwiftTracing

/// What takes remote parents in, one test after the other: a sampler that decides on them is the process's.
@Suite("Remote parents", .serialized)
enum RemoteParents {}

extension RemoteParents {
    @Suite("W3C trace context")
    struct PropagationTests {
        private struct Headers: Injector, Extractor {
            func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) {
                carrier[key] = value
            }
            func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
        }

        private let tracer: any Tracer = VitrineTracer()
        private let header = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

        private func extracted(_ headers: [String: String]) -> ServiceContext {
            var context = ServiceContext.topLevel
            tracer.extract(headers, into: &context, using: Headers())
            return context
        }

        private func injected(_ context: ServiceContext) -> [String: String] {
            var headers: [String: String] = [:]
            tracer.inject(context, into: &headers, using: Headers())
            return headers
        }

        @Test("A request's span is the parent of the one that serves it, and its child is written on")
        func throughThisProcess() throws {
            let memory = InMemorySubscriber()
            var onward: [String: String] = [:]
            Telemetry.withSubscriber(memory) {
                let context = extracted(["traceparent": header, "tracestate": "vendor=1,other=x"])
                tracer.withSpan("serve", context: context, ofKind: .server) { span in onward = injected(span.context) }
            }
            let span = try #require(memory.span(named: "serve"))
            #expect(span.context.traceID.description == "0af7651916cd43dd8448eb211c80319c")
            #expect(span.parent?.description == "b7ad6b7169203331")
            #expect(onward == ["traceparent": span.context.traceparent, "tracestate": "vendor=1,other=x"])
        }

        @Test("Flags are handed on as they came")
        func flags() throws {
            let memory = InMemorySubscriber()
            Telemetry.withSubscriber(memory) {
                let context = extracted(["traceparent": header.dropLast(2) + "00"])
                tracer.withSpan("serve", context: context) { span in
                    #expect(injected(span.context)["traceparent"]?.hasSuffix("-00") == true)
                }
            }
            #expect(memory.span(named: "serve")?.context.flags == [])
        }

        @Test(
            "A header that is missing or invalid leaves the context as it is",
            arguments: [
                [:], ["traceparent": ""], ["traceparent": "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01"],
                ["traceparent": "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"], ["tracestate": "a=b"],
                ["Traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"],
            ])
        func invalid(_ headers: [String: String]) {
            #expect(extracted(headers).isEmpty)
            var context = ServiceContext.topLevel
            let known = SpanContext(traceID: .random(), spanID: .random())
            context.vitrineSpanContext = known
            tracer.extract(headers, into: &context, using: Headers())
            #expect(context.vitrineSpanContext == known)
        }

        @Test(
            "A tracestate is passed on up to 512 printable bytes, and otherwise dropped",
            arguments: [
                (String(repeating: "a", count: 512), true), (String(repeating: "a", count: 513), false),
                ("a=b\r\nHost: evil", false),
                ("a=é", false), ("", false), ("a=b c=d", true),
            ])
        func traceState(_ state: String, _ isPassed: Bool) {
            let headers = injected(extracted(["traceparent": header, "tracestate": state]))
            #expect(headers["traceparent"] == header)
            #expect(headers["tracestate"] == (isPassed ? state : nil))
        }

        @Test("A tracestate stays with its trace")
        func otherTrace() {
            var context = extracted(["traceparent": header, "tracestate": "a=b"])
            context.vitrineSpanContext = SpanContext(traceID: .random(), spanID: .random())
            #expect(injected(context)["tracestate"] == nil)
        }

        @Test("Without a span nothing is written; with one of ours alone it is that one")
        func ours() {
            #expect(injected(.topLevel) == [:])
            Telemetry.withSubscriber(InMemorySubscriber()) {
                VitrineObservability.withSpan("ours") { span in
                    #expect(injected(.topLevel)["traceparent"] == span.context?.traceparent)
                }
            }
        }
    }
}
