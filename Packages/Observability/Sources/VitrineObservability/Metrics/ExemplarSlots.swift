// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization

/// The exemplars of one series: so many places, of which each holds the last value that was offered for it.
///
/// All threads share them, so a place is written under a version that is odd meanwhile. Whoever finds it odd goes on
/// without: an exemplar is any of the values, and nobody waits. A reader takes what it read only if the version was the
/// same before and after, so no value is ever seen with another's span. A slot that was being written when the process forked
/// stays without an exemplar in the child; nothing waits for it.
@safe
final class ExemplarSlots: @unchecked Sendable {
    private typealias Word = Atomic<UInt64>

    /// Version, value, both halves of the trace, span, flags, time; a cache line a slot.
    private static let wordCount = 8
    /// How often a reader tries before it takes a slot for empty.
    private static let attemptCount = 32

    /// How many slots there are.
    let count: Int
    private let words: UnsafeMutablePointer<Word>

    init(count: Int) {
        self.count = max(1, count)
        let total = self.count * Self.wordCount
        // SAFETY: memory of its own, all of it initialized, released with the object.
        let memory = UnsafeMutableRawPointer.allocate(
            byteCount: total * MemoryLayout<Word>.stride, alignment: Self.wordCount * MemoryLayout<Word>.stride)
        unsafe words = memory.bindMemory(to: Word.self, capacity: total)
        for index in 0..<total { unsafe (words + index).initialize(to: Word(0)) }
    }

    deinit {
        // SAFETY: the memory of `init`; who records or reads refers to this object.
        unsafe words.deinitialize(count: count * Self.wordCount).deallocate()
    }

    /// Keeps a value if the caller works in a span that is sampled. About 60 ns then, else 10.
    func offer(_ value: UInt64, at slot: Int) {
        guard let context = CurrentSpanSource.current, context.flags.contains(.sampled) else { return }
        keep(value, in: context, at: .now, slot)
    }

    func keep(_ value: UInt64, in context: SpanContext, at time: Timestamp, _ slot: Int) {
        precondition(slot >= 0 && slot < count)
        // SAFETY, of all below: the slot is one of ours, and so are its words.
        let slot = unsafe words + slot * Self.wordCount
        let version = unsafe slot[0].load(ordering: .relaxed)
        guard version & 1 == 0,
            unsafe slot[0].compareExchange(expected: version, desired: version &+ 1, ordering: .acquiring).exchanged
        else { return }
        // Each is a release: who sees one of them sees the odd version too.
        unsafe slot[1].store(value, ordering: .releasing)
        unsafe slot[2].store(context.traceID.high, ordering: .releasing)
        unsafe slot[3].store(context.traceID.low, ordering: .releasing)
        unsafe slot[4].store(context.spanID.rawValue, ordering: .releasing)
        unsafe slot[5].store(UInt64(context.flags.rawValue), ordering: .releasing)
        unsafe slot[6].store(time.nanosecondsSinceEpoch, ordering: .releasing)
        unsafe slot[0].store(version &+ 2, ordering: .releasing)
    }

    /// What a slot holds; nil if that is nothing, or writers did not let it be read.
    func value(at slot: Int) -> (value: UInt64, context: SpanContext, time: Timestamp)? {
        precondition(slot >= 0 && slot < count)
        // SAFETY, of all below: as in `keep`; everything is read whole, and taken only if nobody wrote meanwhile.
        let slot = unsafe words + slot * Self.wordCount
        for _ in 0..<Self.attemptCount {
            let version = unsafe slot[0].load(ordering: .acquiring)
            if version == 0 { return nil }
            guard version & 1 == 0 else { continue }
            let value = unsafe slot[1].load(ordering: .acquiring)
            let (high, low) = unsafe (slot[2].load(ordering: .acquiring), slot[3].load(ordering: .acquiring))
            let span = unsafe slot[4].load(ordering: .acquiring)
            let flags = unsafe slot[5].load(ordering: .acquiring)
            let time = unsafe slot[6].load(ordering: .acquiring)
            guard unsafe slot[0].load(ordering: .relaxed) == version,
                let traceID = TraceID(high: high, low: low), let spanID = SpanID(rawValue: span)
            else { continue }
            let context = SpanContext(
                traceID: traceID, spanID: spanID, flags: TraceFlags(rawValue: UInt8(truncatingIfNeeded: flags)))
            return (value, context, Timestamp(nanosecondsSinceEpoch: time))
        }
        return nil
    }

    /// What all slots hold, each value as `make` reads it.
    func exemplars(_ make: (UInt64) -> MetricExemplar.Value) -> [MetricExemplar] {
        (0..<count).compactMap { slot in
            value(at: slot).map { MetricExemplar(make($0.value), in: $0.context, at: $0.time) }
        }
    }
}
