// SPDX-License-Identifier: MIT OR Apache-2.0

import CVitrineOTLP
import VitrineObservability

extension RequestBatch {
    // SAFETY, of all below: as in `RequestBatch`.

    /// Adds a span with its attributes, events and links.
    func add(_ span: borrowing OTLPSpan, _ limits: OTLPLimits, _ details: OTLPDetails) {
        let eventCount = min(span.events.count, max(0, limits.eventCount))
        let linkCount = min(span.record.links.count, max(0, limits.linkCount))
        addSpan(span, eventCount: eventCount, linkCount: linkCount, attributeLimit: limits.attributeCount)
        addDetails(span.record.origin, span.record.metadata, details)
        add(span.record.fields.span, valueLimit: max(0, limits.valueByteCount))
        let events = span.events.span
        for index in 0..<eventCount { add(event: events[index], limits, details) }
        let links = span.record.links.span
        for index in 0..<linkCount { add(links[index], limits) }
    }

    @inline(__always)
    private func addSpan(_ span: borrowing OTLPSpan, eventCount: Int, linkCount: Int, attributeLimit: Int) {
        let start = span.record.start.nanosecondsSinceEpoch
        let end = span.record.end?.nanosecondsSinceEpoch ?? start
        var message = vitrine_otlp_span(
            context: vitrine_otlp_context(span.record.context),
            parent: span.record.parent?.rawValue ?? 0,
            start: start,
            end: max(start, end),
            kind: span.record.kind.cValue,
            status: VITRINE_OTLP_STATUS_UNSET,
            attributes: Self.attributes(
                span.record.fields.count, limit: attributeLimit, dropped: span.droppedFieldCount),
            event_capacity: eventCount,
            dropped_events: Self.dropped(span.droppedEventCount, span.events.count - eventCount),
            link_capacity: linkCount,
            dropped_links: Self.dropped(span.droppedLinkCount, span.record.links.count - linkCount)
        )
        var description = ""
        switch span.record.status {
        case .unset: break
        case .ok: message.status = VITRINE_OTLP_STATUS_OK
        case .error(let text):
            message.status = VITRINE_OTLP_STATUS_ERROR
            description = text
        }
        unsafe Self.lend(span.record.metadata.name, description) { name, description in
            // The protocol wants a name and takes none for an unknown one.
            let name = unsafe name.count > 0 ? name : Self.text("unknown")
            unsafe vitrine_otlp_add_span(batch, &message, name, description)
        }
    }

    /// What was dropped before, and what is dropped now.
    private static func dropped(_ before: Int, _ now: Int) -> UInt32 {
        UInt32(clamping: max(0, before).addingReportingOverflow(now).partialValue.magnitude)
    }

    /// An event is called by its name; where it has no other than that of all events, by its message.
    private func add(event: EventRecord, _ limits: OTLPLimits, _ details: OTLPDetails) {
        let attributes = Self.attributes(
            event.fields.count + 1, limit: limits.eventAttributeCount ?? limits.attributeCount)
        let time = event.time.nanosecondsSinceEpoch
        let isNamed = event.metadata.isNamed
        let name = isNamed ? event.metadata.name : event.message
        unsafe Self.lend(name) { name in
            let name = unsafe name.count > 0 ? name : Self.text("event")
            unsafe vitrine_otlp_add_event(batch, time, name, attributes)
        }
        addDetails(event.origin, event.metadata, details)
        if isNamed, event.message != event.metadata.name, !event.message.isEmpty {
            let isException = event.metadata.name == "exception"
            let limit = max(0, limits.valueByteCount)
            add(isException ? "exception.message" : "message", event.message, valueLimit: limit)
        }
        add(event.fields.span, valueLimit: max(0, limits.valueByteCount))
    }

    private func add(_ link: SpanLink, _ limits: OTLPLimits) {
        let capacity = min(link.fields.count, max(0, limits.linkAttributeCount ?? limits.attributeCount))
        let attributes = vitrine_otlp_attributes(capacity: capacity, dropped: 0)
        unsafe vitrine_otlp_add_link(batch, vitrine_otlp_context(link.context), attributes)
        add(link.fields.span, valueLimit: max(0, limits.valueByteCount))
    }
}

extension Metadata {
    /// Whether an event has a name of its own: what `event()`, the guests and swift-log make are all called `event`.
    var isNamed: Bool { !name.isEmpty && name != "event" }
}

extension SpanKind {
    fileprivate var cValue: vitrine_otlp_span_kind {
        switch self {
        case .internal: VITRINE_OTLP_SPAN_INTERNAL
        case .server: VITRINE_OTLP_SPAN_SERVER
        case .client: VITRINE_OTLP_SPAN_CLIENT
        case .producer: VITRINE_OTLP_SPAN_PRODUCER
        case .consumer: VITRINE_OTLP_SPAN_CONSUMER
        }
    }
}
