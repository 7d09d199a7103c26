// SPDX-License-Identifier: MIT OR Apache-2.0

internal import VitrineObservability

/// A finished tree as text.
///
/// On the left four columns of fixed width: duration (or, for an event, how long after the root's start), share of the
/// parent's duration, side of the boundary, level. On the right the tree itself.
struct TreeText {
    /// How many levels are indented.
    private static let maximumIndentation = 32

    /// A span whose contents are being written.
    private struct Depth {
        let node: OpenTree.Node
        let items: [OpenTree.Item]
        /// What leads the lines of its contents.
        let stem: String
        var next = 0
    }

    private let palette: Palette
    private var lines: [String] = []

    private init(palette: Palette) {
        self.palette = palette
    }

    /// All lines of a tree, with a line about the trace in front and an empty line behind.
    static func string(_ tree: OpenTree, palette: Palette) -> String {
        var text = TreeText(palette: palette)
        text.appendHeader(tree)
        text.append(all: tree)
        if tree.droppedCount > 0 {
            text.lines.append(palette(.yellow, "… \(count(tree.droppedCount, "record")) dropped: the tree was full"))
        }
        return text.lines.joined(separator: "\n") + "\n\n"
    }

    /// The one line of an event outside of any span.
    static func string(_ event: EventRecord, palette: Palette) -> String {
        var text = TreeText(palette: palette)
        let columns = [
            palette(.faint, CalendarText.string(event.time)),
            text.side(event.origin),
            text.level(event.metadata.level),
            text.words(of: event),
        ]
        text.lines.append(columns.joined(separator: "  "))
        return text.lines.joined(separator: "\n") + "\n"
    }

    private mutating func appendHeader(_ tree: OpenTree) {
        var parts = [CalendarText.string(tree.root.start), Self.count(tree.nodes.count, "span")]
        if tree.eventCount > 0 { parts.append(Self.count(tree.eventCount, "event")) }
        if let parent = tree.root.parent { parts.append("below span \(parent)") }
        lines.append(palette(.faint, "trace \(tree.root.context.traceID) · " + parts.joined(separator: " · ")))
    }

    /// All spans and events of a tree. A loop with its own stack, because a guest may nest as deep as it likes.
    private mutating func append(all tree: OpenTree) {
        append(tree.root, in: nil, failure: failure(of: tree.nodes[0], in: tree), branch: "")
        var depths = [Depth(node: tree.nodes[0], items: tree.items(of: tree.nodes[0]), stem: "")]
        while let depth = depths.last {
            guard depth.next < depth.items.count else {
                depths.removeLast()
                continue
            }
            depths[depths.count - 1].next += 1
            let isLast = depth.next == depth.items.count - 1
            // Deeper spans stay below each other in one column, so that the text cannot grow with the square of the depth.
            let isDeep = depths.count >= Self.maximumIndentation
            let branch = depth.stem + (isDeep ? "┊ " : isLast ? "└─ " : "├─ ")
            switch depth.items[depth.next] {
            case .event(let event):
                let offset = event.time.nanoseconds(since: tree.root.start)
                append(
                    time: "+" + DurationText.string(nanoseconds: offset), share: "", origin: event.origin,
                    level: event.metadata.level, palette(.faint, branch) + words(of: event))
            case .span(let place):
                let node = tree.nodes[place]
                append(
                    node.record, in: depth.node.record, failure: failure(of: node, in: tree),
                    branch: palette(.faint, branch))
                let stem = isDeep ? depth.stem : depth.stem + (isLast ? "   " : "│  ")
                depths.append(Depth(node: node, items: tree.items(of: node), stem: stem))
            }
        }
    }

    private mutating func append(_ span: SpanRecord, in parent: SpanRecord?, failure: String?, branch: String) {
        let duration = span.durationNanoseconds
        var share = ""
        if let duration, let whole = parent?.durationNanoseconds {
            share = DurationText.share(of: duration, in: whole)
        }
        var parts = [palette(.bold, SafeText.escaped(span.metadata.name)), fields(span.fields)]
        if duration == nil { parts.append(palette(.yellow, "(still open)")) }
        if let failure { parts.append(palette(.boldRed, "✗" + failure)) }
        let time = duration.map(DurationText.string(nanoseconds:)) ?? "…"
        append(
            time: time, share: share, origin: span.origin, level: span.metadata.level,
            branch + parts.filter { !$0.isEmpty }.joined(separator: "  "))
    }

    private mutating func append(
        time: String, share: String, origin: SpanOrigin, level: Level, _ text: String
    ) {
        let columns = [
            Self.right(time, width: 9), palette(.faint, Self.right(share, width: 5)), side(origin), self.level(level),
            text,
        ]
        lines.append(columns.joined(separator: "  "))
    }

    private func side(_ origin: SpanOrigin) -> String {
        origin == .guest ? palette(.cyan, "guest") : palette(.faint, "host ")
    }

    private func level(_ level: Level) -> String {
        palette(Palette.paint(of: level), Self.left(level.description, width: 5))
    }

    private func words(of event: EventRecord) -> String {
        let mark = palette(Palette.paint(of: event.metadata.level), "• ")
        let message = mark + SafeText.escaped(event.message)
        return event.fields.isEmpty ? message : message + "  " + fields(event.fields)
    }

    private func fields(_ fields: [Field]) -> String {
        fields.map { field in
            let (key, value) = SafeText.field(field)
            return palette(.faint, key + "=") + value
        }.joined(separator: " ")
    }

    /// What to say of a failed span: why, unless a child of it failed for the same reason, which then says it.
    private func failure(of node: OpenTree.Node, in tree: OpenTree) -> String? {
        guard case .error(let description) = node.record.status else { return nil }
        let isTold = node.items.contains { item in
            if case .span(let place) = item { tree.nodes[place].record.status == node.record.status } else { false }
        }
        return isTold || description.isEmpty ? "" : " " + SafeText.escaped(description)
    }

    private static func count(_ number: Int, _ noun: String) -> String {
        "\(number) \(noun)\(number == 1 ? "" : "s")"
    }

    private static func right(_ text: String, width: Int) -> String {
        String(repeating: " ", count: max(0, width - text.unicodeScalars.count)) + text
    }

    private static func left(_ text: String, width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.unicodeScalars.count))
    }
}
