// SPDX-License-Identifier: MIT OR Apache-2.0

/// Several subscribers, 64 at most, in the place of one. Each gets what it wants, in the order they are named.
public struct FanOut: SelectiveSubscriber {
    private struct Branch {
        let subscriber: any Subscriber
        let selective: (any SelectiveSubscriber)?

        func interest(in metadata: Metadata) -> Interest {
            guard metadata.level <= subscriber.maximumLevel, metadata.level != .off else { return .never }
            return selective?.interest(in: metadata) ?? .always
        }

        func isEnabled(_ metadata: Metadata, in context: SpanContext?) -> Bool {
            guard metadata.level <= subscriber.maximumLevel, metadata.level != .off else { return false }
            return selective?.isEnabled(metadata, in: context) ?? true
        }
    }

    private let branches: [Branch]
    /// Which branches were told of the beginning of a span, as bits: they are told of its end too, though filters have
    /// changed. Kept only where some branch is choosy.
    private let told: OpenSpanTable<UInt64>?

    /// A subscriber made of others, of the first 64 of them: put a `FanOut` into a `FanOut` for more.
    public init(_ subscribers: [any Subscriber]) {
        branches = subscribers.prefix(64).map { Branch(subscriber: $0, selective: $0 as? any SelectiveSubscriber) }
        told = branches.contains { $0.selective != nil } ? OpenSpanTable() : nil
    }

    /// A subscriber made of others.
    public init(_ subscribers: any Subscriber...) {
        self.init(subscribers)
    }

    /// The most verbose of theirs.
    public var maximumLevel: Level { branches.map(\.subscriber.maximumLevel).max() ?? .off }

    /// All of theirs; and the starts of spans where some are choosy, to tell the same ones of the ends.
    public var needs: SubscriberNeeds {
        branches.reduce(told == nil ? [] : .spanStarts) { $0.union($1.subscriber.needs) }
    }

    /// `.always` if all want all of it, `.never` if none wants any.
    public func interest(in metadata: Metadata) -> Interest {
        let interests = branches.map { $0.interest(in: metadata) }
        guard let least = interests.min(), let most = interests.max() else { return .never }
        return least == most ? least : .sometimes
    }

    /// Whether one of them wants it.
    public func isEnabled(_ metadata: Metadata, in context: SpanContext?) -> Bool {
        branches.contains { $0.isEnabled(metadata, in: context) }
    }

    /// Hands it to those who want it.
    public func spanDidStart(_ span: borrowing SpanView) {
        let metadata = span.metadata
        let parent = Self.parent(of: span)
        var wanted: UInt64 = 0
        for (index, branch) in branches.enumerated() where branch.isEnabled(metadata, in: parent) {
            wanted |= 1 << UInt64(index & 63)
            if branch.subscriber.needs.contains(.spanStarts) { branch.subscriber.spanDidStart(span) }
        }
        told?.insert(wanted, for: span.context.spanID)
    }

    /// Hands it to those who wanted its beginning.
    public func spanDidEnd(_ span: borrowing SpanView) {
        if let wanted = told?.remove(span.context.spanID) {
            for (index, branch) in branches.enumerated() where wanted & 1 << UInt64(index & 63) != 0 {
                branch.subscriber.spanDidEnd(span)
            }
            return
        }
        let metadata = span.metadata
        let parent = Self.parent(of: span)
        for branch in branches where branch.isEnabled(metadata, in: parent) { branch.subscriber.spanDidEnd(span) }
    }

    /// Hands it to those who want it.
    public func eventDidOccur(_ event: borrowing EventView) {
        let metadata = event.metadata
        let context = event.context
        for branch in branches where branch.isEnabled(metadata, in: context) { branch.subscriber.eventDidOccur(event) }
    }

    /// Flushes them one after the other.
    public func flush() {
        for branch in branches { branch.subscriber.flush() }
    }

    private static func parent(of span: borrowing SpanView) -> SpanContext? {
        span.parent.map { SpanContext(traceID: span.context.traceID, spanID: $0, flags: span.context.flags) }
    }
}
