// SPDX-License-Identifier: MIT OR Apache-2.0

internal import VitrineObservability

/// The spans and events below one root, as far as they have come.
struct OpenTree {
    /// A span and what happened in it, in the order it came.
    struct Node {
        var record: SpanRecord
        var items: [Item] = []
    }

    /// What a span contains.
    enum Item {
        /// A child, by its place in `nodes`.
        case span(Int)
        case event(EventRecord)
    }

    /// The root first, each parent before its children.
    private(set) var nodes: [Node]
    private var places: [SpanID: Int]
    private(set) var eventCount = 0
    /// Spans and events that found the tree or the writer full.
    var droppedCount = 0

    /// How many trees were started before it; what is shown alone has no place among them.
    let number: UInt64

    init(root: SpanRecord, number: UInt64 = 0) {
        self.number = number
        nodes = [Node(record: root)]
        places = [root.context.spanID: 0]
    }

    var root: SpanRecord { nodes[0].record }
    var recordCount: Int { nodes.count + eventCount }
    var spanIDs: some Sequence<SpanID> { places.keys }

    func contains(_ span: SpanID) -> Bool {
        places[span] != nil
    }

    /// Adds a child of a span that is here.
    mutating func append(_ record: SpanRecord, below parent: SpanID) {
        guard let above = places[parent] else { return }
        places[record.context.spanID] = nodes.count
        nodes[above].items.append(.span(nodes.count))
        nodes.append(Node(record: record))
    }

    /// Adds an event of a span that is here.
    mutating func append(_ record: EventRecord, in span: SpanID) {
        guard let place = places[span] else { return }
        nodes[place].items.append(.event(record))
        eventCount += 1
    }

    /// Completes a span that is here.
    mutating func end(_ record: SpanRecord) {
        guard let place = places[record.context.spanID] else { return }
        nodes[place].record = record
    }

    /// What a span contains, by time; what is of the same time stays as it came.
    func items(of node: Node) -> [Item] {
        node.items.enumerated()
            .sorted { (time(of: $0.element), $0.offset) < (time(of: $1.element), $1.offset) }
            .map(\.element)
    }

    private func time(of item: Item) -> Timestamp {
        switch item {
        case .span(let place): nodes[place].record.start
        case .event(let event): event.time
        }
    }
}
