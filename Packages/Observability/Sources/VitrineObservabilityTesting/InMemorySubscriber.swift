// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
public import VitrineObservability

/// A subscriber for tests that keeps what it gets.
///
/// Use it with `Telemetry.withSubscriber`, so that tests can run in parallel. It keeps everything: not for production.
public final class InMemorySubscriber: Subscriber {
    /// The most verbose level it takes.
    public let maximumLevel: Level

    private struct State {
        var started: [SpanRecord] = []
        var ended: [SpanRecord] = []
        var events: [EventRecord] = []
    }

    private let state = Mutex(State())

    /// A subscriber that has nothing yet.
    public init(maximumLevel: Level = .trace) {
        self.maximumLevel = maximumLevel
    }

    /// The spans that started, in that order, as they were then.
    public var startedSpans: [SpanRecord] { state.withLock { $0.started } }

    /// The spans that ended, in that order, complete.
    public var spans: [SpanRecord] { state.withLock { $0.ended } }

    /// The spans that started and have not ended.
    public var openSpans: [SpanRecord] {
        state.withLock { state in
            let ended = Set(state.ended.map(\.context))
            return state.started.filter { !ended.contains($0.context) }
        }
    }

    /// The events in the order they came.
    public var events: [EventRecord] { state.withLock { $0.events } }

    /// Forgets everything.
    public func reset() {
        state.withLock { $0 = State() }
    }

    /// Everything.
    public var needs: SubscriberNeeds { [.timestamps, .spanStarts] }

    /// Keeps the start of a span.
    public func spanDidStart(_ span: borrowing SpanView) {
        let record = SpanRecord(span)
        state.withLock { $0.started.append(record) }
    }

    /// Keeps a finished span.
    public func spanDidEnd(_ span: borrowing SpanView) {
        let record = SpanRecord(span)
        state.withLock { $0.ended.append(record) }
    }

    /// Keeps an event.
    public func eventDidOccur(_ event: borrowing EventView) {
        let record = EventRecord(event)
        state.withLock { $0.events.append(record) }
    }

    /// Nothing is held back.
    public func flush() {}
}
