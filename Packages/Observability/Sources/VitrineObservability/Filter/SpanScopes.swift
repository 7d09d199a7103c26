// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization

/// The open spans inside of which a filter lets more through, by their identifier.
///
/// A span inside of one is one itself, so that a look at the nearest span is enough, on any thread and after any await.
final class SpanScopes: Sendable {
    /// How many open spans are known at a time. Beyond it any older one is forgotten for each that opens, and what is
    /// inside of that one is judged by its target alone.
    static let maximumCount = 65_536
    private static let shardCount = 16

    private struct Shard: Sendable {
        var levels: [SpanID: Level] = [:]
    }

    private let shards: [ShardBox]
    private let forgotten = Atomic<UInt64>(0)

    private final class ShardBox: Sendable {
        let shard = Mutex(Shard())
    }

    init() {
        shards = (0..<Self.shardCount).map { _ in ShardBox() }
    }

    /// Spans that had to be forgotten before they ended.
    var forgottenCount: UInt64 { forgotten.load(ordering: .relaxed) }

    /// The level let through inside a span; `off` if it is none of these.
    func level(inside span: SpanID?) -> Level {
        guard let span else { return .off }
        return box(span).shard.withLock { $0.levels[span] ?? .off }
    }

    /// A span has opened.
    func open(_ span: SpanID, letting level: Level) {
        guard level != .off else { return }
        box(span).shard.withLock { shard in
            if shard.levels.count >= Self.maximumCount / Self.shardCount, let any = shard.levels.keys.first {
                shard.levels.removeValue(forKey: any)
                forgotten.wrappingAdd(1, ordering: .relaxed)
            }
            shard.levels[span] = level
        }
    }

    /// A span has ended.
    func close(_ span: SpanID) {
        box(span).shard.withLock { shard in _ = shard.levels.removeValue(forKey: span) }
    }

    /// Forgets all, when the filter changes: what is open then is judged by its target alone.
    func removeAll() {
        for box in shards { box.shard.withLock { $0.levels.removeAll() } }
    }

    // The last bits of an identifier are as random as the others.
    private func box(_ span: SpanID) -> ShardBox {
        shards[Int(truncatingIfNeeded: span.rawValue) & (Self.shardCount - 1)]
    }
}
