// SPDX-License-Identifier: MIT OR Apache-2.0

import Tracing
import VitrineObservability

/// The spans of a tracer that have begun, by ours, and the contexts of some that have ended, for children that come late.
struct OpenTracerSpans {
    /// How many ended spans are remembered.
    static let maximumEndedCount = 1_024

    /// A span of ours, whatever its flags.
    struct Key: Hashable {
        let traceID: TraceID
        let spanID: SpanID

        init(_ context: SpanContext) {
            traceID = context.traceID
            spanID = context.spanID
        }
    }

    private let maximumCount: Int
    private var open: [Key: any Tracing.Span] = [:]
    /// Places given away to spans that are about to begin.
    private var reservedCount = 0
    private var ended: [Key: ServiceContext] = [:]
    private var endedOrder: [Key] = []
    private var oldest = 0

    init(maximumCount: Int) {
        self.maximumCount = maximumCount
    }

    /// How many are open.
    var count: Int { open.count }

    /// Takes a place for a span; false if there is none.
    mutating func reserve() -> Bool {
        guard open.count + reservedCount < maximumCount else { return false }
        reservedCount += 1
        return true
    }

    /// Puts a span into a place that was taken.
    mutating func fill(_ key: Key, _ span: any Tracing.Span) {
        reservedCount -= 1
        open[key] = span
    }

    /// The open span of ours.
    func span(_ key: Key) -> (any Tracing.Span)? { open[key] }

    /// The context of a span that is open or has ended lately.
    func context(_ key: Key) -> ServiceContext? { open[key]?.context ?? ended[key] }

    /// Takes a span out, and remembers its context.
    mutating func take(_ key: Key) -> (any Tracing.Span)? {
        guard let span = open.removeValue(forKey: key) else { return nil }
        remember(key, span.context)
        return span
    }

    /// Remembers the context of a span that has ended, in the place of the oldest.
    mutating func remember(_ key: Key, _ context: ServiceContext) {
        guard ended.updateValue(context, forKey: key) == nil else { return }
        if endedOrder.count < Self.maximumEndedCount {
            endedOrder.append(key)
        } else {
            ended[endedOrder[oldest]] = nil
            endedOrder[oldest] = key
            oldest = (oldest + 1) % Self.maximumEndedCount
        }
    }
}
