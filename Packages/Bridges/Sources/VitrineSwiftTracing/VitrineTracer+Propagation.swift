// SPDX-License-Identifier: MIT OR Apache-2.0

public import Tracing
import VitrineObservability

/// The headers of W3C trace context.
///
/// https://www.w3.org/TR/trace-context/
enum TraceHeader {
    static let parent = "traceparent"
    static let state = "tracestate"

    /// The most bytes of a `tracestate` that is handed on: what the recommendation asks for at least.
    static let maximumStateByteCount = 512

    /// A `tracestate` that may be handed on as it is: short enough, and printable ASCII, so that it cannot end a header.
    static func state(_ text: String) -> String? {
        let isPassable =
            (1...maximumStateByteCount).contains(text.utf8.count) && text.utf8.allSatisfy { 0x20...0x7E ~= $0 }
        return isPassable ? text : nil
    }
}

extension VitrineTracer {
    /// Writes `traceparent` for the innermost span around the caller, and the `tracestate` that its trace came with.
    ///
    /// The span is that of the context, or the current one of ours if that is further in; without one nothing is written.
    public func inject<Carrier, Inject: Injector>(
        _ context: ServiceContext, into carrier: inout Carrier, using injector: Inject
    ) where Inject.Carrier == Carrier {
        guard let span = context.innermostSpan else { return }
        injector.inject(span.traceparent, forKey: TraceHeader.parent, into: &carrier)
        if let carried = context.carriedSpan, carried.span.traceID == span.traceID, let state = carried.traceState {
            injector.inject(state, forKey: TraceHeader.state, into: &carrier)
        }
    }

    /// Reads `traceparent` and `tracestate`; the context is left as it is if the first is missing or invalid.
    ///
    /// The span keeps its flag `sampled`, unless a sampler is installed that is not parent-based: that one decides anew.
    ///
    /// A `tracestate` that is longer than 512 bytes or no printable ASCII is dropped; it is not looked into.
    public func extract<Carrier, Extract: Extractor>(
        _ carrier: Carrier, into context: inout ServiceContext, using extractor: Extract
    ) where Extract.Carrier == Carrier {
        guard let header = extractor.extract(key: TraceHeader.parent, from: carrier),
            let span = SpanContext(traceparent: header)
        else { return }
        let state = extractor.extract(key: TraceHeader.state, from: carrier).flatMap(TraceHeader.state)
        let decided = Telemetry.sampler.decided(span)
        context.carriedSpan = CarriedSpan(span: decided, enclosing: .current, traceState: state)
    }
}

/// A dictionary as a carrier of headers.
struct HeaderDictionary: Extractor {
    func extract(key: String, from carrier: [String: String]) -> String? { carrier[key] }
}
