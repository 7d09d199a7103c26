// SPDX-License-Identifier: MIT OR Apache-2.0

import InMemoryTracing
import Tracing
import VitrineObservability
import VitrineSwiftTracing

/// Both directions at once: the application traces with swift-distributed-tracing, its spans and ours are one tree, and the
/// whole tree goes to a tracer. The one here keeps spans in memory; one of a real backend stands in the same place.
@main
struct BridgeTracing {
    static func main() {
        // Out: all spans are made again by this tracer, with their own times.
        let backend = InMemoryTracer()
        Telemetry.install(SwiftTracingSubscriber(backend))

        // In: spans of the application are spans of ours.
        let tracer = VitrineTracer()
        InstrumentationSystem.bootstrap(tracer)

        var headers = ["traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"]
        var context = ServiceContext.topLevel
        tracer.extract(headers, into: &context, using: Headers())
        tracer.withSpan("GET /cup", context: context, ofKind: .server) { span in
            span.attributes["http.response.status_code"] = 200
            VitrineObservability.withSpan("order", [Field("count", 2)]) {
                event("reserved")
                Tracing.withSpan("pay", ofKind: .client) { span in
                    tracer.inject(span.context, into: &headers, using: Headers())
                }
            }
        }
        Telemetry.flush()

        print("sent on:", headers["traceparent"] ?? "nothing")
        show(backend.finishedSpans, below: nil, indent: "")
    }

    private static func show(_ spans: [FinishedInMemorySpan], below parent: String?, indent: String) {
        for span in spans where span.parentSpanID == parent {
            let nanoseconds = span.endInstant.nanosecondsSinceEpoch - span.startInstant.nanosecondsSinceEpoch
            let events = span.events.map(\.name).joined(separator: ", ")
            print("\(indent)\(span.operationName): \(nanoseconds) ns\(events.isEmpty ? "" : ", \(events)")")
            show(spans, below: span.spanID, indent: indent + "  ")
        }
    }
}

private struct Headers: Extractor, Injector {
    func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
    func inject(_ value: String, forKey key: String, into carrier: inout [String: String]) { carrier[key] = value }
}
