// SPDX-License-Identifier: MIT OR Apache-2.0

public import VitrineObservability

extension InMemorySubscriber {
    /// The finished spans of a name, in the order they ended.
    public func spans(named name: String) -> [SpanRecord] {
        spans.filter { $0.metadata.name == name }
    }

    /// The one finished span of a name; nil if there is none or more than one.
    public func span(named name: String) -> SpanRecord? {
        let found = spans(named: name)
        return found.count == 1 ? found.first : nil
    }

    /// The finished spans without a parent.
    public var roots: [SpanRecord] {
        spans.filter { $0.parent == nil }
    }

    /// The finished children of a span, by their start.
    public func children(of span: SpanRecord) -> [SpanRecord] {
        spans
            .filter { $0.parent == span.context.spanID && $0.context.traceID == span.context.traceID }
            .sorted { $0.start < $1.start }
    }

    /// The events that occurred in a span itself, in the order they came.
    public func events(in span: SpanRecord) -> [EventRecord] {
        events.filter { $0.context == span.context }
    }

    /// The names from the root down to a span, for one comparison: `["request", "call-to-guest", "add"]`.
    ///
    /// Goes up over finished spans only, and ends where a parent is not among them.
    public func path(of span: SpanRecord) -> [String] {
        let byID = Dictionary(spans.map { ($0.context, $0) }, uniquingKeysWith: { first, _ in first })
        var names = [span.metadata.name]
        var current = span
        while names.count <= byID.count, let parent = current.parent,
            let above = byID[SpanContext(traceID: current.context.traceID, spanID: parent)]
        {
            names.append(above.metadata.name)
            current = above
        }
        return names.reversed()
    }
}
