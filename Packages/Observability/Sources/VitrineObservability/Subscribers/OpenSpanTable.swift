// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization

/// What is remembered of open spans, by their identifier: a bounded table in shards, on any thread.
final class OpenSpanTable<Value: Sendable>: Sendable {
    /// How many spans it holds. Beyond it any older one is forgotten for each that opens.
    static var maximumCount: Int { 65_536 }
    private static var shardCount: Int { 16 }

    private final class Shard: Sendable {
        let values = Mutex<[SpanID: Value]>([:])
    }

    private let shards: [Shard]
    private let forgotten = Atomic<UInt64>(0)

    init() {
        shards = (0..<Self.shardCount).map { _ in Shard() }
    }

    /// Spans that had to be forgotten before they ended.
    var forgottenCount: UInt64 { forgotten.load(ordering: .relaxed) }

    /// What is known of a span.
    func value(of span: SpanID) -> Value? {
        shard(span).values.withLock { $0[span] }
    }

    /// Remembers a span that opens.
    func insert(_ value: Value, for span: SpanID) {
        shard(span).values.withLock { values in
            if values.count >= Self.maximumCount / Self.shardCount, let any = values.keys.first {
                values.removeValue(forKey: any)
                forgotten.wrappingAdd(1, ordering: .relaxed)
            }
            values[span] = value
        }
    }

    /// Forgets a span that ends, and tells what was known of it.
    @discardableResult
    func remove(_ span: SpanID) -> Value? {
        shard(span).values.withLock { $0.removeValue(forKey: span) }
    }

    /// Forgets all.
    func removeAll() {
        for shard in shards { shard.values.withLock { $0.removeAll() } }
    }

    // The last bits of an identifier are as random as the others.
    private func shard(_ span: SpanID) -> Shard {
        shards[Int(truncatingIfNeeded: span.rawValue) & (Self.shardCount - 1)]
    }
}
