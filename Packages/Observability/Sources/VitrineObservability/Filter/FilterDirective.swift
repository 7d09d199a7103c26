// SPDX-License-Identifier: MIT OR Apache-2.0

/// One part of a filter: up to which level it lets through what it is about.
public struct FilterDirective: Sendable, Hashable {
    /// What the target begins with; empty for all.
    public let target: String
    /// The name of the span that has to be open around; nil if none has to.
    public let span: String?
    /// The most verbose level let through.
    public let level: Level

    /// A directive of its parts.
    public init(target: String = "", span: String? = nil, level: Level) {
        self.target = target
        self.span = span
        self.level = level
    }

    /// Whether it is about targets like this one.
    func matches(target other: String) -> Bool { other.utf8.starts(with: target.utf8) }

    /// Whether a span of this name and target opens what a directive with a span is about.
    func opens(for metadata: Metadata) -> Bool {
        metadata.kind == .span && metadata.name == span && matches(target: metadata.target)
    }
}

extension FilterDirective: CustomStringConvertible {
    /// The directive as it is written in a filter.
    public var description: String {
        if let span { return "\(target)[\(span)]=\(level)" }
        return target.isEmpty ? "\(level)" : "\(target)=\(level)"
    }
}
