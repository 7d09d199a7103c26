// SPDX-License-Identifier: MIT OR Apache-2.0

public import VitrineObservability

/// What a test expects of a span: its name, and as much more as matters.
///
/// ```swift
/// #expect(memory.mismatch([
///     SpanPattern("call", fields: [Field("function", "add")], [
///         SpanPattern("call-to-guest", events: ["added"])
///     ])
/// ]) == nil)
/// ```
public struct SpanPattern: Sendable {
    /// The span's name.
    public var name: String
    /// Its level; nil for any.
    public var level: Level?
    /// Who made it; nil for any.
    public var origin: SpanOrigin?
    /// Fields that it has to have, among others.
    public var fields: [Field]
    /// The messages of its own events, all of them and in order; nil for any.
    public var events: [String]?
    /// How it ended; nil for any.
    public var status: SpanStatus?
    /// Its children, all of them, in the order of their start; nil for any.
    public var children: [SpanPattern]?

    /// A pattern. What is left out matches anything, but for children: there have to be exactly those given.
    public init(
        _ name: String, level: Level? = nil, origin: SpanOrigin? = nil, fields: [Field] = [], events: [String]? = nil,
        status: SpanStatus? = nil, _ children: [SpanPattern]? = []
    ) {
        self.name = name
        self.level = level
        self.origin = origin
        self.fields = fields
        self.events = events
        self.status = status
        self.children = children
    }
}

extension InMemorySubscriber {
    /// How the finished spans differ from the trees that are expected, in the order of their start; nil if they do not.
    ///
    /// The answer names the path to the first difference, what was expected there and what was found.
    public func mismatch(_ roots: [SpanPattern]) -> String? {
        let known = Set(spans.map(\.context))
        let found = spans.filter { span in
            guard let parent = span.parent else { return true }
            return !known.contains(
                SpanContext(traceID: span.context.traceID, spanID: parent, flags: span.context.flags))
        }
        return mismatch(roots, found.sorted { $0.start < $1.start }, path: [])
    }

    private func mismatch(_ patterns: [SpanPattern], _ found: [SpanRecord], path: [String]) -> String? {
        let expectedNames = patterns.map(\.name)
        let foundNames = found.map(\.metadata.name)
        guard expectedNames == foundNames else {
            return Self.difference(path, "spans", expected: "\(expectedNames)", found: "\(foundNames)")
        }
        for (pattern, span) in zip(patterns, found) {
            if let text = mismatch(pattern, span, path: path + [pattern.name]) { return text }
        }
        return nil
    }

    private func mismatch(_ pattern: SpanPattern, _ span: SpanRecord, path: [String]) -> String? {
        if let level = pattern.level, level != span.metadata.level {
            return Self.difference(path, "level", expected: "\(level)", found: "\(span.metadata.level)")
        }
        if let origin = pattern.origin, origin != span.origin {
            return Self.difference(path, "origin", expected: "\(origin)", found: "\(span.origin)")
        }
        if let status = pattern.status, status != span.status {
            return Self.difference(path, "status", expected: "\(status)", found: "\(span.status)")
        }
        for field in pattern.fields where !span.fields.contains(field) {
            return Self.difference(path, "field", expected: "\(field)", found: "\(span.fields)")
        }
        let messages = events(in: span).map(\.message)
        if let events = pattern.events, events != messages {
            return Self.difference(path, "events", expected: "\(events)", found: "\(messages)")
        }
        guard let children = pattern.children else { return nil }
        return mismatch(children, self.children(of: span), path: path)
    }

    private static func difference(_ path: [String], _ what: String, expected: String, found: String) -> String {
        "\(path.isEmpty ? "at the top" : path.joined(separator: " > ")): \(what) expected \(expected), found \(found)"
    }
}
