// SPDX-License-Identifier: MIT OR Apache-2.0

internal import VitrineObservability

/// All trees that are still growing, within the limits.
struct OpenForest {
    private let limits: TreeWriterLimits
    private var trees: [SpanContext: OpenTree] = [:]
    /// The root of the tree each known span is in.
    private var roots: [SpanContext: SpanContext] = [:]
    private var recordCount = 0
    private(set) var droppedSpanCount = 0
    private(set) var droppedEventCount = 0
    private(set) var evictedTreeCount = 0
    /// Trees so far.
    private var startedCount: UInt64 = 0

    init(limits: TreeWriterLimits) {
        self.limits = limits
    }

    /// Puts a span below its parent, or starts a tree with it if the parent is not here. One that finds no room is
    /// counted when it ends.
    ///
    /// - Returns: the oldest tree if it had to make room: some roots never end, and would keep all others out for good.
    mutating func start(_ record: SpanRecord) -> OpenTree? {
        let record = limits.bounded(record)
        guard roots[record.context] == nil else { return nil }
        var evicted: OpenTree?
        if let parent = record.parent, let root = roots[context(of: parent, in: record)] {
            guard hasRoom(in: root, &evicted) else { return evicted }
            trees[root]?.append(record, below: parent)
            roots[record.context] = root
        } else {
            guard limits.openTreeCount > 0, limits.recordCount > 0, !isBelowDropped(record) else { return nil }
            if trees.count >= limits.openTreeCount || recordCount >= limits.recordCount {
                evicted = evictOldest(but: nil)
            }
            trees[record.context] = OpenTree(root: record, number: startedCount)
            roots[record.context] = record.context
            startedCount += 1
        }
        recordCount += 1
        return evicted
    }

    /// Completes a span; gives back the tree if that was its root.
    mutating func end(_ record: SpanRecord) -> OpenTree? {
        let record = limits.bounded(record)
        guard let root = roots[record.context] else {
            // A root that began before the writer was there, or whose tree had to make room, is shown alone.
            if record.parent == nil { return OpenTree(root: record) }
            droppedSpanCount += 1
            return nil
        }
        trees[root]?.end(record)
        return root == record.context ? remove(root) : nil
    }

    /// Puts an event into its span; not kept if it belongs to no span and has to be shown alone. Gives back the oldest tree,
    /// too, if it had to make room.
    mutating func add(_ record: EventRecord) -> (isKept: Bool, evicted: OpenTree?) {
        guard let context = record.context else { return (false, nil) }
        var evicted: OpenTree?
        if let root = roots[context], hasRoom(in: root, &evicted) {
            trees[root]?.append(limits.bounded(record), in: context.spanID)
            recordCount += 1
        } else {
            droppedEventCount += 1
        }
        return (true, evicted)
    }

    /// Takes out all trees, by the start of their roots.
    mutating func removeAll() -> [OpenTree] {
        trees.keys.compactMap { remove($0) }.sorted { $0.root.start < $1.root.start }
    }

    private mutating func remove(_ root: SpanContext) -> OpenTree? {
        guard let tree = trees.removeValue(forKey: root) else { return nil }
        for span in tree.spanIDs {
            roots[SpanContext(traceID: root.traceID, spanID: span)] = nil
        }
        recordCount -= tree.recordCount
        return tree
    }

    /// Whether the tree takes one more record, for which the oldest of the others may have to go; if not, the tree is told.
    private mutating func hasRoom(in root: SpanContext, _ evicted: inout OpenTree?) -> Bool {
        guard let tree = trees[root] else { return false }
        if tree.recordCount < limits.recordsPerTree {
            if recordCount >= limits.recordCount { evicted = evictOldest(but: root) }
            if recordCount < limits.recordCount { return true }
        }
        trees[root]?.droppedCount += 1
        return false
    }

    /// Takes out the tree that was started first, of those but one. Looks at all trees.
    private mutating func evictOldest(but kept: SpanContext?) -> OpenTree? {
        let others = trees.lazy.filter { $0.key != kept }
        guard let oldest = others.min(by: { $0.value.number < $1.value.number })?.key else { return nil }
        evictedTreeCount += 1
        return remove(oldest)
    }

    /// Whether the missing parent was probably dropped from a full tree; its children are, too, instead of starting
    /// trees of their own.
    private mutating func isBelowDropped(_ record: SpanRecord) -> Bool {
        guard record.parent != nil else { return false }
        for (root, tree) in trees where root.traceID == record.context.traceID && tree.droppedCount > 0 {
            trees[root]?.droppedCount += 1
            return true
        }
        return false
    }

    private func context(of parent: SpanID, in record: SpanRecord) -> SpanContext {
        SpanContext(traceID: record.context.traceID, spanID: parent)
    }
}
