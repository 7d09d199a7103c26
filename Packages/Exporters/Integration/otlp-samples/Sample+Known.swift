// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineOTLP
import VitrineObservability

extension Sample {
    /// What programs emit: every sort of record and value once, through the API that programs use.
    static var known: [Sample] {
        var metrics = Sample("known-metrics", count: countKnown)
        metrics.exemplars = exemplars
        return [Sample("known-spans", emit: emitKnown), Sample("known-logs", emit: logKnown), metrics]
    }

    private struct OutOfStock: Error {}

    private static func emitKnown() {
        var checkout: SpanContext?
        withSpan("checkout", kind: .server, [Field("cart.items", 3), Field("customer", "Zoë")]) { span in
            checkout = span.context
            VitrineObservability.event("cart read", level: .debug, [Field("from.cache", true)])
            withSpan("price", kind: .client, [Field("factor", 1.25), Field("codes", [1, -2, 3])]) {
                $0.add(Field("bytes", UInt64(512)))
                $0.add(Field("flags", [true, false]))
                $0.add(Field("weights", [0.5, -0.25]))
                $0.add(Field("names", ["a", "", "ü"]))
                $0.setOK()
            }
            _ = try? withSpan("reserve", level: .debug) { () throws(OutOfStock) in throw OutOfStock() }
            withSpan("give up") { $0.setError("out of stock") }
        }
        // Children that end after their parent, of another thread's making, and one of another trace.
        Span("ship", kind: .producer, parent: checkout.map { ParentSpan.span($0) } ?? .root).end()
        var arrival = Span("arrival", kind: .consumer, parent: .root)
        if let checkout { arrival.add(SpanLink(checkout, [Field("relation", "shipped")])) }
        arrival.add(SpanLink(newContext()))
        arrival.end()
        // A guest's span below the host's, with its own identity and times.
        let guest = SpanContext(traceID: checkout?.traceID ?? .random(), spanID: .random())
        forward(
            "guest work", target: "guest", in: guest, parent: checkout?.spanID, [Field("depth", Int32(2))],
            status: .error("trapped"),
            events: [
                event("tick", in: guest), event("again", name: "retry", in: guest, [Field("attempt", UInt8(2))]),
                event("it broke", name: "exception", in: guest, level: .error, [Field("exception.type", "Trap")]),
            ])
        // Not sampled: nobody gets to see it.
        forward("unsampled", in: newContext(flags: []))
    }

    private static func logKnown() {
        for level in [Level.error, .warn, .info, .debug] {
            Telemetry.emit(event("a record of level \(level)", level: level, [Field("count", 1)]))
        }
        Telemetry.emit(event("with a name", name: "audit"))
        // Of a span that is not known here: a log record in its trace.
        Telemetry.emit(event("of another process", in: newContext(), [Field("list", [1.5, 2.5])]))
        VitrineObservability.event("by the API", level: .warn, [Field("text", "two\nlines")])
    }

    private static func countKnown(_ registry: MetricsRegistry) {
        for (shop, amount) in [("north", UInt64(3)), ("south", 1 << 40)] {
            registry.counter("orders_total", help: "Orders taken.", labels: [("shop", shop)]).increment(by: amount)
        }
        registry.upDownCounter("carts", help: "Carts that are open.").add(-7)
        registry.gauge("load_ratio", unit: .one, help: "How busy.").set(0.625)
        let seconds = registry.histogram(
            "wait_seconds", unit: .seconds, help: "How long.", buckets: .explicit([0.1, 1, 10]))
        for value in [0.05, 0.1, 0.5, 3, 1_000] { seconds.record(value) }
        let bytes = registry.histogram(
            "parcel_bytes", unit: .bytes, help: "How large.", buckets: .exponential, labels: [("kind", "box")])
        for value in [0, 1, 1.5, 1_024, 5e9] { bytes.record(value) }
        // Registered, and never used.
        _ = registry.histogram("idle_seconds", unit: .seconds, help: "Never.", buckets: .explicit([1]))
        _ = registry.counter("idle_total", help: "Never.")
    }

    private static func exemplars(_ family: MetricFamily, _ series: MetricSeries) -> [OTLPExemplar] {
        let context = SpanContext(traceID: "0af7651916cd43dd8448eb211c80319c", spanID: "b7ad6b7169203331")
        switch family.kind {
        case .counter: return [OTLPExemplar(.int64(2), in: context, at: moment())]
        case .histogram:
            return [
                OTLPExemplar(.double(0.5), in: context, at: moment(), fields: [Field("customer", "Zoë")]),
                OTLPExemplar(.double(3), in: nil, at: moment(7)),
            ]
        case .exponentialHistogram: return [OTLPExemplar(.double(1_024), in: context, at: moment(9))]
        case .upDownCounter, .gauge: return []
        }
    }
}

extension SpanContext {
    /// An identity that is written in the program; a random one for digits that are none.
    fileprivate init(traceID: String, spanID: String) {
        self.init(traceID: TraceID(traceID) ?? .random(), spanID: SpanID(spanID) ?? .random())
    }
}
