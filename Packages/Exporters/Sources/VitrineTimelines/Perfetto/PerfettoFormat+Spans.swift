// SPDX-License-Identifier: MIT OR Apache-2.0

internal import CVitrinePerfetto
internal import VitrineLogWriters
internal import VitrineObservability

extension PerfettoFormat {
    /// How many arguments the writer adds at most, besides what is open, cut and the fields.
    private static var ownArgumentCount: Int { 12 }

    mutating func appendBeginning(
        _ span: borrowing SpanView, _ slice: EndedSlice, _ limits: TimelineLimits, to record: inout LineBuffer
    ) {
        let metadata = span.metadata
        begin(VITRINE_PERFETTO_BEGIN, time: slice.start, at: slice.place)
        packet.setName(
            metadata.name, limit: limits.nameByteCount, category: metadata.target, categoryLimit: limits.nameByteCount)
        packet.setFlows(beginning: slice.arrows, ending: slice.isArrowTarget ? span.context.spanID.rawValue : 0)
        addIdentity(metadata.level, span.origin, span.context, parent: span.parent)
        if span.kind != .internal { packet.add("kind", span.kind.text) }
        addStatus(span.status, limits)
        addPlaceInCode(metadata, limits)
        addFields(span.fields, limits)
        addLinks(span.links, limits)
        packet.pack(to: &record)
    }

    mutating func appendEnd(_ span: SpanID, _ slice: EndedSlice, to record: inout LineBuffer) {
        packet.beginEvent(VITRINE_PERFETTO_END, time: slice.end, track: track(slice.place), argumentCount: 0)
        packet.pack(to: &record)
    }

    mutating func append(
        open slice: OpenSlice, lane: LanePlace, _ limits: TimelineLimits, to record: inout LineBuffer
    ) {
        begin(VITRINE_PERFETTO_BEGIN, time: slice.start, at: lane)
        let metadata = slice.metadata
        packet.setName(
            metadata.name, limit: limits.nameByteCount, category: metadata.target, categoryLimit: limits.nameByteCount)
        packet.setFlows(beginning: slice.arrows, ending: slice.isArrowTarget ? slice.context.spanID.rawValue : 0)
        addIdentity(metadata.level, slice.origin, slice.context, parent: slice.parent)
        packet.add("open", true)
        addPlaceInCode(metadata, limits)
        packet.pack(to: &record)
    }

    mutating func append(
        _ event: borrowing EventView, at place: LanePlace, time: UInt64, _ limits: TimelineLimits,
        to record: inout LineBuffer
    ) {
        let metadata = event.metadata
        begin(VITRINE_PERFETTO_INSTANT, time: time, at: place)
        packet.setName(
            event.message, limit: limits.valueByteCount, category: metadata.target, categoryLimit: limits.nameByteCount)
        addIdentity(metadata.level, event.origin, event.context, parent: nil)
        addPlaceInCode(metadata, limits)
        addFields(event.fields, limits)
        packet.pack(to: &record)
    }

    private func begin(_ event: vitrine_perfetto_event, time: UInt64, at place: LanePlace) {
        packet.beginEvent(event, time: time, track: track(place), argumentCount: Self.ownArgumentCount)
    }

    private mutating func addIdentity(_ level: Level, _ origin: SpanOrigin, _ context: SpanContext?, parent: SpanID?) {
        packet.add("level", level.text)
        packet.add("origin", origin == .guest ? "guest" : "host")
        guard let context else { return }
        add(context)
        if let parent { addHexadecimal("parent_span_id", parent.rawValue) }
    }

    private mutating func add(_ context: SpanContext) {
        digits.begin(byteCount: 0)
        digits.append(hexadecimal: context.traceID.high, width: 16)
        digits.append(hexadecimal: context.traceID.low, width: 16)
        packet.add("trace_id", bytes: digits.span)
        addHexadecimal("span_id", context.spanID.rawValue)
    }

    private mutating func addHexadecimal(_ key: StaticString, _ value: UInt64) {
        digits.begin(byteCount: 0)
        digits.append(hexadecimal: value, width: 16)
        packet.add(key, bytes: digits.span)
    }

    private func addStatus(_ status: SpanStatus, _ limits: TimelineLimits) {
        switch status {
        case .unset: return
        case .ok: packet.add("status", "ok")
        case .error(let description):
            packet.add("status", "error")
            packet.add("error", description, limit: limits.valueByteCount)
        }
    }

    private func addPlaceInCode(_ metadata: Metadata, _ limits: TimelineLimits) {
        guard !metadata.file.isEmpty else { return }
        packet.add("file", metadata.file, limit: limits.nameByteCount)
        packet.add("line", UInt64(metadata.line))
    }

    /// Fields are a dictionary of their own, so that none stands in for an argument of the writer.
    private func addFields(_ fields: Swift.Span<Field>, _ limits: TimelineLimits) {
        guard fields.count > 0 else { return }
        let count = min(fields.count, limits.fieldCount)
        packet.open("fields", count: count, hasKeys: true, keyLimit: .max)
        for index in 0..<count { add(fields[index], limits) }
        packet.close()
        if count < fields.count { packet.markCut() }
    }

    private mutating func addLinks(_ links: [SpanLink], _ limits: TimelineLimits) {
        guard !links.isEmpty else { return }
        let count = min(links.count, limits.linkCount)
        packet.open("links", count: count, hasKeys: false, keyLimit: .max)
        for link in links.prefix(count) {
            packet.open("", count: 3, hasKeys: true, keyLimit: 0)
            add(link.context)
            addFields(link.fields.span, limits)
            packet.close()
        }
        packet.close()
        if count < links.count { packet.markCut() }
    }

    private func add(_ field: Field, _ limits: TimelineLimits) {
        let keyLimit = limits.nameByteCount
        switch field.value {
        case .string(let value): packet.add(field.key, value, limit: limits.valueByteCount, keyLimit: keyLimit)
        case .int64(let value): packet.add(field.key, value, keyLimit: keyLimit)
        case .uint64(let value): packet.add(field.key, value, keyLimit: keyLimit)
        case .double(let value): packet.add(field.key, value, keyLimit: keyLimit)
        case .bool(let value): packet.add(field.key, value, keyLimit: keyLimit)
        case .bools(let values): addArray(field.key, values, 2, limits) { packet.add("", $0, keyLimit: 0) }
        case .int64s(let values): addArray(field.key, values, 8, limits) { packet.add("", $0, keyLimit: 0) }
        case .doubles(let values): addArray(field.key, values, 8, limits) { packet.add("", $0, keyLimit: 0) }
        case .strings(let values): addTexts(field.key, values, limits)
        }
    }

    /// As many elements as the limit for a value lets through; the packet says when some are missing.
    private func addArray<Element>(
        _ key: String, _ values: [Element], _ elementByteCount: Int, _ limits: TimelineLimits,
        _ addOne: (Element) -> Void
    ) {
        let count = min(values.count, limits.valueByteCount / elementByteCount)
        packet.open(key, count: count, hasKeys: false, keyLimit: limits.nameByteCount)
        for value in values.prefix(count) { addOne(value) }
        packet.close()
        if count < values.count { packet.markCut() }
    }

    private func addTexts(_ key: String, _ values: [String], _ limits: TimelineLimits) {
        var room = limits.valueByteCount
        var count = 0
        // An element counts two bytes beside its text, as many empty ones take room, too.
        while count < values.count, room > 0 {
            room -= values[count].utf8.count + 2
            count += 1
        }
        packet.open(key, count: count, hasKeys: false, keyLimit: limits.nameByteCount)
        room = limits.valueByteCount
        for value in values.prefix(count) {
            packet.add("", value, limit: max(0, room), keyLimit: 0)
            room -= value.utf8.count + 2
        }
        packet.close()
        if count < values.count { packet.markCut() }
    }
}

extension Level {
    fileprivate var text: StaticString {
        switch self {
        case .error: "error"
        case .warn: "warn"
        case .info: "info"
        case .debug: "debug"
        case .trace, .off: "trace"
        }
    }
}
