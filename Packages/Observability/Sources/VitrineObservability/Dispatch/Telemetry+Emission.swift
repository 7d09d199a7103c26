// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization

extension Telemetry {
    /// Forwards the start of a span made elsewhere, with its own identity and time: how the host hands on guest spans.
    ///
    /// - Returns: whether somebody wants the span: to be given to `spanDidEnd`.
    @discardableResult
    public static func spanDidStart(_ record: SpanRecord) -> Bool {
        forward(record.metadata, in: SpanContext(above: record)) { dispatch, site in
            guard dispatch.needs.contains(.spanStarts) else { return }
            record.withView(site, end: nil) { dispatch.subscriber.spanDidStart($0) }
        }
    }

    /// Forwards the end of a span made elsewhere; the record is complete and has an `end`.
    ///
    /// - Parameter wasWanted: what `spanDidStart` answered, so that who was told of the beginning is told of the end,
    ///   though filters have changed or the span has got another name; nil asks again.
    public static func spanDidEnd(_ record: SpanRecord, wasWanted: Bool? = nil) {
        guard wasWanted != false else { return }
        forward(record.metadata, in: SpanContext(above: record), asking: wasWanted == nil) { dispatch, site in
            record.withView(site, end: record.end ?? record.start) { dispatch.subscriber.spanDidEnd($0) }
        }
    }

    /// Forwards an event made elsewhere, with its own time.
    public static func emit(_ record: EventRecord) {
        forward(record.metadata, in: record.context) { dispatch, site in
            record.withView(site) { dispatch.subscriber.eventDidOccur($0) }
        }
    }

    /// Whether a record made elsewhere would be delivered from here.
    public static func isEnabled(_ metadata: Metadata, in context: SpanContext?) -> Bool {
        mayBeEnabled(metadata.level) && isWanted(metadata, in: context)
    }

    @discardableResult
    private static func forward(
        _ metadata: Metadata, in context: SpanContext?, asking: Bool = true, _ body: (Dispatch, SiteReference) -> Void
    ) -> Bool {
        guard !asking || mayBeEnabled(metadata.level) else { return false }
        var isWanted = false
        deliver { dispatch in
            guard !asking || dispatch.isEnabled(metadata, in: context) else { return }
            isWanted = true
            let site = CallSite(metadata)
            withExtendedLifetime(site) {
                body(dispatch, SiteReference(outlivedBy: site))
            }
        }
        return isWanted
    }

    /// Calls the subscriber of this place, unless it is the one that is emitting.
    @inline(__always)
    static func deliver(_ thread: ThreadState = .current, _ body: (Dispatch) -> Void) {
        guard !thread.isDelivering else { return }
        thread.isDelivering = true
        if scopeCount.load(ordering: .relaxed) == 0 {
            // A closure of its own for each way, so that this one is inlined.
            SubscriberSlot.withInstalled(thread) { body($0) }
        } else {
            deliverInScope(thread) { body($0) }
        }
        thread.isDelivering = false
    }

    /// Calls the subscriber of the scope around, or the installed one if there is none.
    @inline(never)
    private static func deliverInScope(_ thread: ThreadState, _ body: (Dispatch) -> Void) {
        if let scoped = ScopedSubscriber.current {
            body(scoped)
        } else {
            SubscriberSlot.withInstalled(thread, body)
        }
    }

    /// Whether the subscriber of this place wants a record now.
    @inline(never)
    static func isWanted(_ metadata: Metadata, in context: @autoclosure () -> SpanContext?) -> Bool {
        var isWanted = false
        deliver { isWanted = $0.isEnabled(metadata, in: context()) }
        return isWanted
    }

    /// What the installed subscriber thinks of a call site.
    static func installedInterest(in metadata: Metadata) -> Interest {
        let thread = ThreadState.current
        let wasDelivering = thread.isDelivering
        thread.isDelivering = true
        defer { thread.isDelivering = wasDelivering }
        var interest = Interest.never
        SubscriberSlot.withInstalled(thread) { interest = $0.interest(in: metadata) }
        return interest
    }
}

extension SpanContext {
    /// The span above one made elsewhere.
    init?(above record: SpanRecord) {
        guard let parent = record.parent else { return nil }
        self.init(traceID: record.context.traceID, spanID: parent, flags: record.context.flags)
    }
}
