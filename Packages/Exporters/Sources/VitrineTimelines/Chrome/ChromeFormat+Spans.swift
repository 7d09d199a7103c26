// SPDX-License-Identifier: MIT OR Apache-2.0

internal import VitrineLogWriters
internal import VitrineObservability

extension ChromeFormat {
    func appendBeginning(
        _ span: borrowing SpanView, _ slice: EndedSlice, _ limits: TimelineLimits, to record: inout LineBuffer
    ) {
        let metadata = span.metadata
        record.append(",\n")
        record.append(#"{"ph":"X","name":""#)
        appendName(metadata, limits, to: &record)
        appendPlace(slice.place, time: slice.start, to: &record)
        record.append(#","dur":"#)
        Self.append(microseconds: slice.end - slice.start, to: &record)
        appendIdentity(metadata.level, span.origin, span.context, parent: span.parent, to: &record)
        if span.kind != .internal {
            record.append(#","kind":""#)
            record.append(span.kind.text)
            record.append("\"")
        }
        appendStatus(span.status, limits, to: &record)
        appendPlaceInCode(metadata, limits, to: &record)
        appendFields(span.fields, limits, to: &record)
        appendLinks(span.links, limits, to: &record)
        appendEndOfArguments(to: &record)
        appendArrows(
            span.context.spanID, from: slice.arrows, isTarget: slice.isArrowTarget, at: slice.place, time: slice.start,
            to: &record)
    }

    func appendEnd(_ span: SpanID, _ slice: EndedSlice, to record: inout LineBuffer) {}

    /// The ends of arrows, right behind the span's own record: readers give them to the span that began last.
    private func appendArrows(
        _ span: SpanID, from: [UInt64], isTarget: Bool, at place: LanePlace, time: UInt64, to record: inout LineBuffer
    ) {
        for child in from { appendArrow(#"{"ph":"s""#, child, at: place, time: time, to: &record) }
        if isTarget { appendArrow(#"{"ph":"f","bp":"e""#, span.rawValue, at: place, time: time, to: &record) }
    }

    private func appendArrow(
        _ phase: StaticString, _ span: UInt64, at place: LanePlace, time: UInt64, to record: inout LineBuffer
    ) {
        record.append(",\n")
        record.append(phase)
        record.append(#","name":"child","cat":"flow","id":"0x"#)
        record.append(hexadecimal: span, width: 16)
        record.append("\"")
        appendPlace(place, time: time, to: &record)
        record.append("}")
    }

    func append(open slice: OpenSlice, lane: LanePlace, _ limits: TimelineLimits, to record: inout LineBuffer) {
        record.append(",\n")
        record.append(#"{"ph":"B","name":""#)
        appendName(slice.metadata, limits, to: &record)
        appendPlace(lane, time: slice.start, to: &record)
        appendIdentity(slice.metadata.level, slice.origin, slice.context, parent: slice.parent, to: &record)
        record.append(#","open":true"#)
        appendPlaceInCode(slice.metadata, limits, to: &record)
        appendEndOfArguments(to: &record)
        appendArrows(
            slice.context.spanID, from: slice.arrows, isTarget: slice.isArrowTarget, at: lane, time: slice.start,
            to: &record)
    }

    func append(
        _ event: borrowing EventView, at place: LanePlace, time: UInt64, _ limits: TimelineLimits,
        to record: inout LineBuffer
    ) {
        let metadata = event.metadata
        record.append(",\n")
        record.append(#"{"ph":"i","s":"t","name":""#)
        record.append(event.message, .timeline, upTo: limits.valueByteCount)
        record.append(#"","cat":""#)
        record.append(metadata.target, .timeline, upTo: limits.nameByteCount)
        record.append("\"")
        appendPlace(place, time: time, to: &record)
        appendIdentity(metadata.level, event.origin, event.context, parent: nil, to: &record)
        appendPlaceInCode(metadata, limits, to: &record)
        appendFields(event.fields, limits, to: &record)
        appendEndOfArguments(to: &record)
    }

    /// Name and target, up to the quotation mark behind them.
    private func appendName(_ metadata: Metadata, _ limits: TimelineLimits, to record: inout LineBuffer) {
        record.append(metadata.name, .timeline, upTo: limits.nameByteCount)
        record.append(#"","cat":""#)
        record.append(metadata.target, .timeline, upTo: limits.nameByteCount)
        record.append("\"")
    }

    /// `,"args":{` and what has a fixed length.
    private func appendIdentity(
        _ level: Level, _ origin: SpanOrigin, _ context: SpanContext?, parent: SpanID?, to record: inout LineBuffer
    ) {
        record.append(#","args":{"level":""#)
        record.append(level: level)
        record.append(origin == .guest ? #"","origin":"guest""# : #"","origin":"host""#)
        guard let context else { return }
        record.append(",")
        Self.append(context, to: &record)
        guard let parent else { return }
        record.append(#","parent_span_id":""#)
        record.append(hexadecimal: parent.rawValue, width: 16)
        record.append("\"")
    }

    private static func append(_ context: SpanContext, to record: inout LineBuffer) {
        record.append(#""trace_id":""#)
        record.append(hexadecimal: context.traceID.high, width: 16)
        record.append(hexadecimal: context.traceID.low, width: 16)
        record.append(#"","span_id":""#)
        record.append(hexadecimal: context.spanID.rawValue, width: 16)
        record.append("\"")
    }

    private func appendStatus(_ status: SpanStatus, _ limits: TimelineLimits, to record: inout LineBuffer) {
        switch status {
        case .unset: return
        case .ok: record.append(#","status":"ok""#)
        case .error(let description):
            record.append(#","status":"error","error":""#)
            record.append(description, .timeline, upTo: limits.valueByteCount)
            record.append("\"")
        }
    }

    private func appendPlaceInCode(_ metadata: Metadata, _ limits: TimelineLimits, to record: inout LineBuffer) {
        guard !metadata.file.isEmpty else { return }
        record.append(#","file":""#)
        record.append(metadata.file, .timeline, upTo: limits.nameByteCount)
        record.append(#"","line":"#)
        record.append(decimal: UInt64(metadata.line))
    }

    /// Fields are an object of their own, so that none stands in for an argument of the writer.
    private func appendFields(_ fields: Swift.Span<Field>, _ limits: TimelineLimits, to record: inout LineBuffer) {
        guard fields.count > 0 else { return }
        record.append(#","fields":{"#)
        for index in fields.indices {
            guard index < limits.fieldCount, record.count < record.limit else {
                record.markCut()
                break
            }
            record.append(index == 0 ? "\"" : ",\"")
            record.append(fields[index].key, .timeline, upTo: limits.nameByteCount)
            record.append("\":")
            append(fields[index].value, limits, to: &record)
        }
        record.append("}")
    }

    private func appendLinks(_ links: [SpanLink], _ limits: TimelineLimits, to record: inout LineBuffer) {
        guard !links.isEmpty else { return }
        record.append(#","links":["#)
        for (index, link) in links.enumerated() {
            guard index < limits.linkCount, record.count < record.limit else {
                record.markCut()
                break
            }
            record.append(index == 0 ? "{" : ",{")
            Self.append(link.context, to: &record)
            appendFields(link.fields.span, limits, to: &record)
            record.append("}")
        }
        record.append("]")
    }

    private func appendEndOfArguments(to record: inout LineBuffer) {
        record.append(record.isCut ? #","cut":true}}"# : "}}")
    }
}
