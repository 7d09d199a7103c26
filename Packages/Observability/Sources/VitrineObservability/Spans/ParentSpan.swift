// SPDX-License-Identifier: MIT OR Apache-2.0

/// Which span a new one is a child of.
public enum ParentSpan: Sendable, Hashable {
    /// `SpanContext.current`, or a new trace if there is none.
    case current
    /// None: a new trace begins.
    case root
    /// The named one, for work that goes on where `current` does not follow.
    case span(SpanContext)

    /// The span above, if there is one.
    var context: SpanContext? {
        switch self {
        case .current: CurrentSpanSource.current
        case .root: nil
        case .span(let context): context
        }
    }
}
