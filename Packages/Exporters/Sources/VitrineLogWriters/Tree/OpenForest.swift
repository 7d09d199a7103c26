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

    init(limits: TreeWriterLimits) {
        self.limits = limits
    }

    /// Puts a span below its parent, or starts a tree with it if the parent is not here. One that finds no room is
    /// counted when it ends.
    mutating func start(_ record: SpanRecord) {
        let record = limits.bounded(record)
        guard roots[record.context] == nil else { return }
        if let parent = record.parent, let root = roots[context(of: parent, in: record)] {
            guard hasRoom(in: root) else { return }
            trees[root]?.append(record, below: parent)
            roots[record.context] = root
        } else {
            guard trees.count < limits.openTreeCount, recordCount < limits.recordCount, !isBelowDropped(record) else {
                return
            }
            trees[record.context] = OpenTree(root: record)
            roots[record.context] = record.context
        }
        recordCount += 1
    }

    /// Completes a span; gives back the tree if that was its root.
    mutating func end(_ record: SpanRecord) -> OpenTree? {
        let record = limits.bounded(record)
        guard let root = roots[record.context] else {
            // A root that began before the writer was there, or found it full, is shown alone.
            if record.parent == nil { return OpenTree(root: record) }
            droppedSpanCount += 1
            return nil
        }
        trees[root]?.end(record)
        return root == record.context ? remove(root) : nil
    }

    /// Puts an event into its span; false if it belongs to no span and has to be shown alone.
    mutating func add(_ record: EventRecord) -> Bool {
        guard let context = record.context else { return false }
        if let root = roots[context], hasRoom(in: root) {
            trees[root]?.append(limits.bounded(record), in: context.spanID)
            recordCount += 1
        } else {
            droppedEventCount += 1
        }
        return true
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

    /// Whether the tree takes one more record; if not, the tree is told.
    private mutating func hasRoom(in root: SpanContext) -> Bool {
        guard let tree = trees[root] else { return false }
        if tree.recordCount < limits.recordsPerTree, recordCount < limits.recordCount { return true }
        trees[root]?.droppedCount += 1
        return false
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
