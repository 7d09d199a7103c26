// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineObservability

/// The events of spans that have not ended, by span: an event goes out with its span.
struct OpenSpanEvents: Sendable {
    /// What became of an event.
    enum Placement: Sendable, Hashable {
        /// It waits for the end of its span.
        case kept
        /// Its span has too many; the span will tell.
        case dropped
        /// Its span is not known, or there is no room: it is a log record.
        case unplaced
    }

    /// The events of a span that has ended.
    struct Collected: Sendable {
        var events: [EventRecord] = []
        var droppedCount = 0
        fileprivate var byteCount = 0
    }

    private let spanLimit: Int
    private let eventLimit: Int
    private let byteLimit: Int
    private var spans: [SpanContext: Collected] = [:]
    private var byteCount = 0
    /// How many events were dropped because their span had too many.
    private(set) var droppedEventCount = 0

    init(_ limits: OTLPOpenSpanLimits) {
        spanLimit = max(0, limits.spanCount)
        eventLimit = max(0, limits.eventCountPerSpan)
        byteLimit = max(0, limits.byteCount)
    }

    /// How many spans are known to be open.
    var spanCount: Int { spans.count }

    mutating func begin(_ context: SpanContext) {
        guard spans.count < spanLimit, spans[context] == nil else { return }
        spans[context] = Collected()
    }

    mutating func add(_ event: EventRecord, byteCount size: Int) -> Placement {
        guard let context = event.context, let index = spans.index(forKey: context) else { return .unplaced }
        if spans.values[index].events.count >= eventLimit {
            spans.values[index].droppedCount += 1
            droppedEventCount += 1
            return .dropped
        }
        guard size <= byteLimit - byteCount else { return .unplaced }
        byteCount += size
        spans.values[index].byteCount += size
        spans.values[index].events.append(event)
        return .kept
    }

    mutating func end(_ context: SpanContext) -> Collected {
        guard let collected = spans.removeValue(forKey: context) else { return Collected() }
        byteCount -= collected.byteCount
        return collected
    }

    /// Forgets all spans and gives their events, which are log records now.
    mutating func removeAll() -> [EventRecord] {
        defer {
            spans = [:]
            byteCount = 0
        }
        return spans.values.flatMap(\.events).sorted { $0.time < $1.time }
    }
}
