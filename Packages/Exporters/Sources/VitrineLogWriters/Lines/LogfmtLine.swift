// SPDX-License-Identifier: MIT OR Apache-2.0

internal import VitrineObservability

/// The lines of `LogfmtWriter`: `key=value` throughout.
struct LogfmtLine: RecordLine {
    let limits: LineLimits

    /// The line of an event.
    @inline(__always)
    func append(_ event: borrowing EventView, to line: inout LineBuffer) {
        let metadata = event.metadata
        appendHead(metadata, event.time, event.origin, to: &line)
        line.append(" msg=")
        appendText(event.message, upTo: limits.messageByteCount, to: &line)
        if let context = event.context { appendContext(context, to: &line) }
        appendTail(metadata, event.fields, to: &line)
    }

    /// The line of a span: of its end, or of its start if it has not ended.
    func append(_ span: borrowing SpanView, to line: inout LineBuffer) {
        let metadata = span.metadata
        appendHead(metadata, span.end ?? span.start, span.origin, to: &line)
        line.append(" span=")
        appendText(metadata.name, upTo: limits.nameByteCount, to: &line)
        appendContext(span.context, to: &line)
        if let parent = span.parent {
            line.append(" parent_span_id=")
            line.append(hexadecimal: parent.rawValue, width: 16)
        }
        if let duration = span.durationNanoseconds {
            line.append(" duration_ns=")
            line.append(decimal: duration)
            appendStatus(span.status, to: &line)
        } else {
            line.append(" phase=start")
        }
        appendTail(metadata, span.fields, to: &line)
    }

    private func appendStatus(_ status: SpanStatus, to line: inout LineBuffer) {
        switch status {
        case .unset: line.append(" status=unset")
        case .ok: line.append(" status=ok")
        case .error(let description):
            line.append(" status=error error=")
            appendText(description, upTo: limits.messageByteCount, to: &line)
        }
    }

    @inline(__always)
    private func appendHead(_ metadata: Metadata, _ time: Timestamp, _ origin: SpanOrigin, to line: inout LineBuffer) {
        line.append("time=")
        line.append(date: time)
        line.append(" level=")
        line.append(level: metadata.level)
        line.append(origin == .guest ? " origin=guest target=" : " origin=host target=")
        appendText(metadata.target, upTo: limits.nameByteCount, to: &line)
    }

    @inline(__always)
    private func appendContext(_ context: SpanContext, to line: inout LineBuffer) {
        line.append(" trace_id=")
        line.append(hexadecimal: context.traceID.high, width: 16)
        line.append(hexadecimal: context.traceID.low, width: 16)
        line.append(" span_id=")
        line.append(hexadecimal: context.spanID.rawValue, width: 16)
    }

    @inline(__always)
    private func appendTail(_ metadata: Metadata, _ fields: Swift.Span<Field>, to line: inout LineBuffer) {
        if !metadata.file.isEmpty {
            line.append(" file=")
            appendText(metadata.file, upTo: limits.nameByteCount, to: &line)
            line.append(" line=")
            line.append(decimal: UInt64(metadata.line))
        }
        for index in fields.indices {
            guard line.hasRoom(forField: index, limits) else { break }
            line.append(" ")
            line.appendForeignKey(fields[index].key, upTo: limits.nameByteCount)
            line.append("=")
            line.appendValue(fields[index].value, .json, upTo: limits.valueByteCount)
        }
        if line.isCut { line.append(" cut=true") }
    }

    @inline(__always)
    private func appendText(_ text: String, upTo byteCount: Int, to line: inout LineBuffer) {
        guard !line.appendToken(text, upTo: byteCount) else { return }
        line.append("\"")
        line.append(text, .json, upTo: byteCount)
        line.append("\"")
    }
}
