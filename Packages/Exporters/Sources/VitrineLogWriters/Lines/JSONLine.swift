// SPDX-License-Identifier: MIT OR Apache-2.0

package import VitrineObservability

/// The lines of `JSONLinesWriter`: one object each (RFC 8259).
///
/// What has a fixed length comes before what may be cut, so that the object is whole whatever its texts are.
struct JSONLine: RecordLine {
    let limits: LineLimits

    /// The object of an event.
    @inline(__always)
    func append(_ event: borrowing EventView, to line: inout LineBuffer) {
        let metadata = event.metadata
        appendHead(metadata, event.time, event.origin, to: &line)
        line.append(#","message":""#)
        line.append(event.message, .json, upTo: limits.messageByteCount)
        line.append("\"")
        if let context = event.context { appendContext(context, to: &line) }
        appendTail(metadata, event.fields, to: &line)
    }

    /// The object of a span: of its end, or of its start if it has not ended.
    func append(_ span: borrowing SpanView, to line: inout LineBuffer) {
        let metadata = span.metadata
        appendHead(metadata, span.end ?? span.start, span.origin, to: &line)
        line.append(#","span":""#)
        line.append(metadata.name, .json, upTo: limits.nameByteCount)
        line.append("\"")
        appendContext(span.context, to: &line)
        if let parent = span.parent {
            line.append(#","parent_span_id":""#)
            line.append(hexadecimal: parent.rawValue, width: 16)
            line.append("\"")
        }
        if let duration = span.durationNanoseconds {
            line.append(#","duration_ns":"#)
            line.append(decimal: duration)
            appendStatus(span.status, to: &line)
        } else {
            line.append(#","phase":"start""#)
        }
        appendTail(metadata, span.fields, to: &line)
    }

    private func appendStatus(_ status: SpanStatus, to line: inout LineBuffer) {
        switch status {
        case .unset: line.append(#","status":"unset""#)
        case .ok: line.append(#","status":"ok""#)
        case .error(let description):
            line.append(#","status":"error","error":""#)
            line.append(description, .json, upTo: limits.messageByteCount)
            line.append("\"")
        }
    }

    @inline(__always)
    private func appendHead(_ metadata: Metadata, _ time: Timestamp, _ origin: SpanOrigin, to line: inout LineBuffer) {
        line.append(#"{"time":""#)
        line.append(date: time)
        line.append(#"","level":""#)
        line.append(level: metadata.level)
        line.append(origin == .guest ? #"","origin":"guest","target":""# : #"","origin":"host","target":""#)
        line.append(metadata.target, .json, upTo: limits.nameByteCount)
        line.append("\"")
    }

    @inline(__always)
    private func appendContext(_ context: SpanContext, to line: inout LineBuffer) {
        line.append(#","trace_id":""#)
        line.append(hexadecimal: context.traceID.high, width: 16)
        line.append(hexadecimal: context.traceID.low, width: 16)
        line.append(#"","span_id":""#)
        line.append(hexadecimal: context.spanID.rawValue, width: 16)
        line.append("\"")
    }

    @inline(__always)
    private func appendTail(_ metadata: Metadata, _ fields: Swift.Span<Field>, to line: inout LineBuffer) {
        if !metadata.file.isEmpty {
            line.append(#","file":""#)
            line.append(metadata.file, .json, upTo: limits.nameByteCount)
            line.append(#"","line":"#)
            line.append(decimal: UInt64(metadata.line))
        }
        if fields.count > 0 {
            line.append(#","fields":{"#)
            for index in fields.indices {
                guard line.hasRoom(forField: index, limits) else { break }
                line.append(index == 0 ? "\"" : ",\"")
                line.append(fields[index].key, .json, upTo: limits.nameByteCount)
                line.append("\":")
                appendValue(fields[index].value, to: &line)
            }
            line.append("}")
        }
        if line.isCut { line.append(#","cut":true"#) }
        line.append("}")
    }

    @inline(__always)
    private func appendValue(_ value: FieldValue, to line: inout LineBuffer) {
        switch value {
        case .string(let text): appendString(text, upTo: limits.valueByteCount, to: &line)
        case .int64(let number): line.append(decimal: number)
        case .uint64(let number): line.append(decimal: number)
        case .bool(let isTrue): line.append(isTrue ? "true" : "false")
        case .double(let number): Self.append(number, to: &line)
        case .bools, .int64s, .doubles, .strings: appendArray(value, to: &line)
        }
    }

    @inline(__always)
    private func appendString(_ text: String, upTo byteCount: Int, to line: inout LineBuffer) {
        line.append("\"")
        line.append(text, .json, upTo: byteCount)
        line.append("\"")
    }

    /// A number, or a text for what JSON has no number for.
    private static func append(_ number: Double, to line: inout LineBuffer) {
        if number.isFinite {
            line.append(number)
        } else {
            line.append(number.isNaN ? #""NaN""# : number < 0 ? #""-Infinity""# : #""Infinity""#)
        }
    }

    /// As many elements as the limit for a value lets through; the line says when some are missing.
    @inline(never)
    private func appendArray(_ value: FieldValue, to line: inout LineBuffer) {
        let end = min(line.limit, line.count + limits.valueByteCount)
        line.append("[")
        switch value {
        case .bools(let elements):
            appendElements(elements.span, end, to: &line) { $0.append($1 ? "true" : "false") }
        case .int64s(let elements): appendElements(elements.span, end, to: &line) { $0.append(decimal: $1) }
        case .doubles(let elements): appendElements(elements.span, end, to: &line) { Self.append($1, to: &$0) }
        case .strings(let elements):
            appendElements(elements.span, end, to: &line) { appendString($1, upTo: max(0, end - $0.count), to: &$0) }
        default: break
        }
        line.append("]")
    }

    private func appendElements<Element>(
        _ elements: Swift.Span<Element>, _ end: Int, to line: inout LineBuffer,
        _ appendOne: (inout LineBuffer, Element) -> Void
    ) {
        for index in elements.indices {
            guard line.count < end else { return line.markCut() }
            if index > 0 { line.append(",") }
            appendOne(&line, elements[index])
        }
    }
}

extension LineBuffer {
    /// Appends the lower-case name of a level.
    @inline(__always)
    package mutating func append(level: Level) {
        switch level {
        case .error: append("error")
        case .warn: append("warn")
        case .info: append("info")
        case .debug: append("debug")
        case .trace, .off: append("trace")
        }
    }
}
