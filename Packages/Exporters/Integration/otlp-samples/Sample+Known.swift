// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineOTLP
import VitrineObservability

extension Sample {
    /// What programs emit: every sort of record and value once, through the API that programs use.
    static var known: [Sample] {
        return [
            Sample("known-spans", emit: emitKnown), Sample("known-logs", emit: logKnown),
            Sample("known-metrics", count: countKnown),
            Sample("known-exemplars") { registry in
                // In spans that are sent, so that the way from the value to the span can be gone.
                withSpan("first") { countKnown(registry) }
                withSpan("second") {
                    registry.counter("orders_total", help: "Orders taken.", labels: [("shop", "north")]).increment()
                }
            },
            Sample("made-exemplars", families: families),
        ]
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

    /// Exemplars that no registry would keep.
    private static var families: [MetricFamily] {
        let context = newContext()
        let exemplars = [
            MetricExemplar(.double(0.5), in: context, at: moment(), fields: [Field("customer", "Zoë")]),
            MetricExemplar(.double(3), in: nil, at: moment(7)),
            MetricExemplar(
                .int64(.min), in: context, at: moment(9), fields: [Field("", 1), Field("a", 2), Field("a", 3)]),
            MetricExemplar(.double(.nan), in: context, at: moment(11)),
        ]
        let histogram = HistogramValue(bounds: [1, 2], bucketCounts: [1, 0, 3], sum: 12)
        return [
            MetricFamily(
                name: "made_seconds", unit: .seconds, help: "Made by hand.", kind: .histogram,
                series: [MetricSeries(labels: [], value: .histogram(histogram), exemplars: exemplars)]),
            MetricFamily(
                name: "made_total", help: "Made by hand.", kind: .counter,
                series: [MetricSeries(labels: [], value: .counter(1), exemplars: Array(exemplars.prefix(1)))]),
        ]
    }
}
