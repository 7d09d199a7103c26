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
        fileprivate var generation = 0

        fileprivate var isOrdered: Bool {
            zip(events, events.dropFirst()).allSatisfy { $0.time <= $1.time }
        }
    }

    /// A span's identity, of which eight bytes are enough to find it.
    private struct Key: Hashable {
        let context: SpanContext

        init(_ context: SpanContext) {
            self.context = context
        }

        func hash(into hasher: inout Hasher) { hasher.combine(context.spanID.rawValue) }
    }

    private let spanLimit: Int
    private let eventLimit: Int
    private let byteLimit: Int
    private var spans: [Key: Collected] = [:]
    /// Spans that were begun when there were too many already, and may have ended since.
    private var surplus: [SpanContext] = []
    private var byteCount = 0
    /// Counts the doubts, and from which on spans are not doubted.
    private var generation = 0
    private var sureGeneration = 0
    /// How many events were dropped because their span had too many.
    private(set) var droppedEventCount = 0

    init(_ limits: OTLPOpenSpanLimits) {
        spanLimit = max(0, limits.spanCount)
        eventLimit = max(0, limits.eventCountPerSpan)
        byteLimit = max(0, limits.byteCount)
    }

    /// How many spans are known to be open.
    var spanCount: Int { spans.count }
    /// For how many there is memory.
    var capacity: Int { spans.capacity }
    /// For how many there is memory at most, when all ends that came so far are known.
    private var capacityLimit: Int { spanLimit > 1 << 40 ? .max : 4 * spanLimit + 4_096 }

    /// Knows a span as open, for now: `trim` has the last word.
    mutating func begin(_ context: SpanContext) {
        let countBefore = spans.count
        // Looked up once: what is there stays as it is.
        Self.keep(&spans[Key(context), default: Collected(generation: generation)])
        if spans.count > countBefore, spans.count > spanLimit { surplus.append(context) }
    }

    @inline(__always)
    private static func keep(_ collected: inout Collected) {}

    mutating func add(_ event: EventRecord, byteCount size: Int) -> Placement {
        guard let context = event.context, let index = spans.index(forKey: Key(context)) else { return .unplaced }
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
        guard var collected = spans.removeValue(forKey: Key(context)) else { return Collected() }
        byteCount -= collected.byteCount
        // Those of several threads were read one thread after the other.
        if !collected.isOrdered { collected.events.sort { $0.time < $1.time } }
        return collected
    }

    /// Some of the spans that are known may have ended unheard of: these go first when there are too many.
    mutating func doubt() {
        generation += 1
    }

    /// Forgets spans, if there are too many, those in doubt and then those that came last, and gives their events, which are
    /// log records now. To be called when all ends that came so far are known.
    mutating func trim() -> [EventRecord] {
        var events: [EventRecord] = []
        if spans.count > spanLimit, sureGeneration < generation {
            sureGeneration = generation
            for key in spans.filter({ $0.value.generation < generation }).keys { events += end(key.context).events }
        }
        while spans.count > spanLimit, let context = surplus.popLast() {
            events += end(context).events
        }
        surplus.removeAll(keepingCapacity: true)
        // All that began since the last look was here at once. Once there was much of it is no reason to keep the memory.
        if spans.capacity > capacityLimit {
            var fewer = [Key: Collected](minimumCapacity: spans.count)
            for (key, collected) in spans { fewer[key] = collected }
            spans = fewer
            surplus = []
        }
        return events
    }

    /// Forgets all spans and gives their events, which are log records now.
    mutating func removeAll() -> [EventRecord] {
        defer {
            spans = [:]
            surplus = []
            byteCount = 0
        }
        return spans.values.flatMap(\.events).sorted { $0.time < $1.time }
    }
}
