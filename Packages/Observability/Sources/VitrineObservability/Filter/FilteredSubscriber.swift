// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization

/// A subscriber that gets what a filter lets through. The filter can be changed while the program runs.
///
/// What the filter says of a call site by its target is kept there: filtered out, it costs a look-up. A directive with a
/// span, `[request]=debug`, costs a look at the open spans for each record that only it could let through.
public final class FilteredSubscriber<Base: Subscriber>: SelectiveSubscriber {
    /// Who gets it.
    public let base: Base

    private let current: Mutex<TelemetryFilter>
    /// The level let through inside of the open spans for which it is more than for their targets. A span inside of one
    /// is one itself, so that a look at the nearest span is enough, on any thread and after any await.
    private let scopes = OpenSpanTable<Level>()

    /// A filter in front of a subscriber.
    public init(_ filter: TelemetryFilter, _ base: Base) {
        self.base = base
        current = Mutex(filter)
    }

    /// What is let through. Setting it takes effect at once, for all call sites, also while other threads emit.
    ///
    /// A scope of `Telemetry.withSubscriber` keeps the most verbose level that it began with as a limit, and whether it is
    /// told of the starts of spans: a directive with a span has to be there from the beginning.
    public var filter: TelemetryFilter {
        get { current.withLock { $0 } }
        set {
            current.withLock { $0 = newValue }
            scopes.removeAll()
            Telemetry.reconsider()
        }
    }

    /// Open spans that were forgotten, by filters with `[span]`: more than 65,536 were open at a time.
    public var forgottenSpanCount: UInt64 { scopes.forgottenCount }

    /// The less verbose of the filter's and the subscriber's own.
    public var maximumLevel: Level { min(filter.maximumLevel, base.maximumLevel) }

    /// The subscriber's own, and the starts of spans if the filter has to know which are open.
    public var needs: SubscriberNeeds {
        filter.maximumSpanLevel == .off ? base.needs : base.needs.union(.spanStarts)
    }

    /// What the filter says of a call site, and then the subscriber.
    public func interest(in metadata: Metadata) -> Interest {
        let own = filter.interest(in: metadata)
        guard let selective = base as? any SelectiveSubscriber else { return own }
        return min(own, selective.interest(in: metadata))
    }

    /// Whether the filter lets it through, and then the subscriber.
    public func isEnabled(_ metadata: Metadata, in context: SpanContext?) -> Bool {
        let filter = filter
        let open = filter.maximumSpanLevel == .off ? .off : level(inside: context?.spanID)
        guard filter.isEnabled(metadata, insideOpen: open) else { return false }
        guard let selective = base as? any SelectiveSubscriber else { return true }
        return selective.isEnabled(metadata, in: context)
    }

    /// Remembers the span if more is let through inside, and hands it on.
    public func spanDidStart(_ span: borrowing SpanView) {
        let filter = filter
        if filter.maximumSpanLevel != .off {
            let inside = max(filter.level(insideSpan: span.metadata), level(inside: span.parent))
            if inside != .off { scopes.insert(inside, for: span.context.spanID) }
        }
        if base.needs.contains(.spanStarts) { base.spanDidStart(span) }
    }

    /// Hands it on.
    public func spanDidEnd(_ span: borrowing SpanView) {
        if filter.maximumSpanLevel != .off { scopes.remove(span.context.spanID) }
        base.spanDidEnd(span)
    }

    /// Hands it on.
    public func eventDidOccur(_ event: borrowing EventView) { base.eventDidOccur(event) }

    /// Flushes the subscriber.
    public func flush() { base.flush() }

    private func level(inside span: SpanID?) -> Level {
        span.flatMap { scopes.value(of: $0) } ?? .off
    }
}
