// SPDX-License-Identifier: MIT OR Apache-2.0

/// Which spans and events are wanted, in words: `none,vitrine.host=info,vitrine.guest=trace,[request]=debug`.
///
/// Directives are separated by commas. Each is one of
///
/// | directive | lets through |
/// |---|---|
/// | `info` | everything up to that level; `none` and `off` are nothing |
/// | `vitrine.host=info` | what has a target that begins so, up to that level |
/// | `vitrine.host` | what has a target that begins so, at any level |
/// | `[request]=debug` | up to that level, whatever is inside an open span of that name, and the span itself |
/// | `shop[request]=debug` | the same, for spans of that name whose target begins with `shop` |
///
/// Of the directives without a span, the one with the longest matching target decides, of equals the last. One with a
/// span lets through more while such a span is open around, never less. Levels are `off`, `error`, `warn`, `info`,
/// `debug`, `trace` in any case of letters, or the digits 0 to 5 in that order. What no directive is about is not wanted.
/// These are the rules of `RUST_LOG`, without its conditions on the fields of spans, and with this difference: a filter
/// that cannot be understood is an error that says where, not a guess.
public struct TelemetryFilter: Sendable, Hashable {
    /// The directives in their order.
    public let directives: [FilterDirective]

    /// Those without a span, most specific first; of equals the last one only.
    private let plain: [FilterDirective]
    /// Those with one.
    private let spanned: [FilterDirective]

    /// A filter of directives.
    public init(_ directives: [FilterDirective]) {
        self.directives = directives
        var plain: [FilterDirective] = []
        for directive in directives.reversed() where directive.span == nil {
            if !plain.contains(where: { $0.target == directive.target }) { plain.append(directive) }
        }
        // Longer targets first; two of the same length that match one target are equal, and only one was kept.
        self.plain = plain.sorted { $0.target.utf8.count > $1.target.utf8.count }
        spanned = directives.filter { $0.span != nil && $0.level != .off }
    }

    /// A filter that lets everything through up to a level.
    public init(upTo level: Level) {
        self.init([FilterDirective(level: level)])
    }

    /// The most verbose level that can be let through.
    public var maximumLevel: Level { max(plain.map(\.level).max() ?? .off, maximumSpanLevel) }

    /// The most verbose level a directive with a span lets through; `off` if there is none.
    public var maximumSpanLevel: Level { spanned.map(\.level).max() ?? .off }

    /// The most verbose level let through of a target, whatever spans are open.
    public func level(ofTarget target: String) -> Level {
        plain.first { $0.matches(target: target) }?.level ?? .off
    }

    /// The level that is let through inside a span of this name and target, and of the span itself, by directives with a
    /// span; `off` if none is about it.
    public func level(insideSpan metadata: Metadata) -> Level {
        spanned.lazy.filter { $0.opens(for: metadata) }.map(\.level).max() ?? .off
    }

    /// What can be said of a call site before anything happens there.
    public func interest(in metadata: Metadata) -> Interest {
        guard metadata.level != .off else { return .never }
        if metadata.level <= level(ofTarget: metadata.target) { return .always }
        if !spanned.isEmpty, metadata.level <= level(insideSpan: metadata) { return .always }
        return metadata.level <= maximumSpanLevel ? .sometimes : .never
    }

    /// Whether a record is let through.
    ///
    /// - Parameter open: the level let through by the spans that are open around it.
    public func isEnabled(_ metadata: Metadata, insideOpen open: Level) -> Bool {
        switch interest(in: metadata) {
        case .always: true
        case .sometimes: metadata.level <= open
        case .never: false
        }
    }
}

extension TelemetryFilter: CustomStringConvertible {
    /// The filter as it is written; parsing it gives an equal one.
    public var description: String { directives.map(\.description).joined(separator: ",") }
}
