// SPDX-License-Identifier: MIT OR Apache-2.0

internal import VitrineObservability

/// The lines of `LineWriter`.
struct TextLine: RecordLine {
    let format: LineFormat
    let palette: Palette
    let limits: LineLimits

    /// The line of an event.
    @inline(__always)
    func append(_ event: borrowing EventView, to line: inout LineBuffer) {
        let metadata = event.metadata
        appendHead(metadata, event.time, event.origin, event.context, to: &line)
        line.append(event.message, .visible, upTo: limits.messageByteCount)
        appendTail(metadata, event.fields, to: &line)
    }

    /// The line of a span: of its end, or of its start if it has not ended.
    func append(_ span: borrowing SpanView, to line: inout LineBuffer) {
        let metadata = span.metadata
        appendHead(metadata, span.end ?? span.start, span.origin, span.context, to: &line)
        line.append(span.end == nil ? "-> " : "<- ")
        line.append(metadata.name, .visible, upTo: limits.nameByteCount)
        if let duration = span.durationNanoseconds {
            line.append(" ")
            line.append(duration: duration)
            appendStatus(span.status, to: &line)
        }
        appendTail(metadata, span.fields, to: &line)
    }

    private func appendStatus(_ status: SpanStatus, to line: inout LineBuffer) {
        switch status {
        case .unset: break
        case .ok: line.append(" ok")
        case .error(let description):
            line.append(" ")
            palette.begin(.boldRed, &line)
            line.append("failed")
            palette.end(&line)
            guard !description.isEmpty else { return }
            line.append(": ")
            line.append(description, .visible, upTo: limits.messageByteCount)
        }
    }

    @inline(__always)
    private func appendHead(
        _ metadata: Metadata, _ time: Timestamp, _ origin: SpanOrigin, _ context: SpanContext?,
        to line: inout LineBuffer
    ) {
        palette.begin(.faint, &line)
        if format == .compact { line.append(clock: time) } else { line.append(date: time) }
        palette.end(&line)
        line.append(" ")
        palette.begin(Palette.paint(of: metadata.level), &line)
        line.append(Self.level(metadata.level))
        palette.end(&line)
        switch format {
        case .compact:
            if origin == .guest { appendGuest(to: &line) }
            if let context {
                line.append("[")
                line.append(hexadecimal: context.spanID.rawValue >> 32, width: 8)
                line.append("] ")
            }
            line.append(metadata.target, .visible, upTo: limits.nameByteCount)
            line.append(": ")
        case .full:
            if origin == .guest { appendGuest(to: &line) } else { line.append("host  ") }
            line.append(metadata.target, .visible, upTo: limits.nameByteCount)
            if let context {
                line.append("{trace_id=")
                line.append(hexadecimal: context.traceID.high, width: 16)
                line.append(hexadecimal: context.traceID.low, width: 16)
                line.append(" span_id=")
                line.append(hexadecimal: context.spanID.rawValue, width: 16)
                line.append("}: ")
            } else {
                line.append(": ")
            }
        }
    }

    private func appendGuest(to line: inout LineBuffer) {
        palette.begin(.cyan, &line)
        line.append("guest")
        palette.end(&line)
        line.append(" ")
    }

    @inline(__always)
    private func appendTail(_ metadata: Metadata, _ fields: Swift.Span<Field>, to line: inout LineBuffer) {
        for index in fields.indices {
            guard line.hasRoom(forField: index, limits) else { break }
            line.append(" ")
            palette.begin(.faint, &line)
            line.appendKey(fields[index].key, upTo: limits.nameByteCount)
            line.append("=")
            palette.end(&line)
            line.appendValue(fields[index].value, .quoted, upTo: limits.valueByteCount)
        }
        if format == .full, !metadata.file.isEmpty {
            palette.begin(.faint, &line)
            line.append(" at ")
            line.append(metadata.file, .visible, upTo: limits.nameByteCount)
            line.append(":")
            line.append(decimal: UInt64(metadata.line))
            palette.end(&line)
        }
        if line.isCut { line.append(" …") }
    }

    @inline(__always)
    private static func level(_ level: Level) -> StaticString {
        switch level {
        case .error: "ERROR "
        case .warn: "WARN  "
        case .info: "INFO  "
        case .debug: "DEBUG "
        case .trace, .off: "TRACE "
        }
    }
}
