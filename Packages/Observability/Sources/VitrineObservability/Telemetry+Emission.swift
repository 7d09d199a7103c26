// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization

extension Telemetry {
    /// Forwards the start of a span made elsewhere, with its own identity and time: how the host hands on guest spans.
    public static func spanDidStart(_ record: SpanRecord) {
        deliver(record.metadata.level) { $0.spanDidStart(record) }
    }

    /// Forwards the end of a span made elsewhere; the record is complete and has an `end`.
    public static func spanDidEnd(_ record: SpanRecord) {
        deliver(record.metadata.level) { $0.spanDidEnd(record) }
    }

    /// Forwards an event made elsewhere, with its own time.
    public static func emit(_ record: EventRecord) {
        deliver(record.metadata.level) { $0.eventDidOccur(record) }
    }

    /// Calls the subscriber of this place, if it wants the level and is not the one that is emitting.
    private static func deliver(_ level: Level, _ body: (any Subscriber) -> Void) {
        guard isEnabled(level) else { return }
        ThreadState.withCurrent { state in
            guard !state.isDelivering else { return }
            state.isDelivering = true
            defer { state.isDelivering = false }
            if scopeCount.load(ordering: .relaxed) != 0, let scoped = ScopedSubscriber.current {
                body(scoped.subscriber)
            } else {
                SubscriberSlot.withInstalled(state) { dispatch in
                    if level <= dispatch.maximumLevel { body(dispatch.subscriber) }
                }
            }
        }
    }
}
