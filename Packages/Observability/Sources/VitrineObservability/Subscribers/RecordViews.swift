// SPDX-License-Identifier: MIT OR Apache-2.0

extension SpanRecord {
    /// Lends a view of the record to call a subscriber with.
    public func withView(_ body: (borrowing SpanView) -> Void) {
        let site = CallSite(metadata)
        withExtendedLifetime(site) { withView(SiteReference(outlivedBy: site), end: end, body) }
    }

    /// Lends a view of it; the call site has to outlive it.
    func withView(_ site: SiteReference, end: Timestamp?, _ body: (borrowing SpanView) -> Void) {
        var state = SpanState(self, site: site)
        // SAFETY: the view is gone before the pointer is.
        unsafe withUnsafePointer(to: &state) { unsafe body(SpanView(of: $0, end: end)) }
    }
}

extension EventRecord {
    /// Lends a view of the record to call a subscriber with.
    public func withView(_ body: (borrowing EventView) -> Void) {
        let site = CallSite(metadata)
        withExtendedLifetime(site) { withView(SiteReference(outlivedBy: site), body) }
    }

    /// Lends a view of it; the call site has to outlive it.
    func withView(_ site: SiteReference, _ body: (borrowing EventView) -> Void) {
        var message = message
        // SAFETY: the view is gone before the pointer is.
        unsafe withUnsafePointer(to: &message) { message in
            let view = unsafe EventView(
                message: message, fields: fields.span, origin: origin, site: site, place: .given(context), time: time)
            body(view)
        }
    }
}

extension Subscriber {
    /// Hands over the start of a span by hand.
    public func spanDidStart(_ record: SpanRecord) { record.withView { spanDidStart($0) } }

    /// Hands over the end of a span by hand.
    public func spanDidEnd(_ record: SpanRecord) { record.withView { spanDidEnd($0) } }

    /// Hands over an event by hand.
    public func eventDidOccur(_ record: EventRecord) { record.withView { eventDidOccur($0) } }
}
