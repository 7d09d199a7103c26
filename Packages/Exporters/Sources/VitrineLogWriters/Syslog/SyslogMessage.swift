// SPDX-License-Identifier: MIT OR Apache-2.0

internal import VitrineObservability

/// The messages of `SyslogWriter`: RFC 5424, section 6.
struct SyslogMessage: Sendable {
    /// PARAM-NAME and SD-NAME have at most so many characters.
    static let nameByteCount = 32

    let facility: SyslogFacility
    let limits: LineLimits
    /// HOSTNAME, APP-NAME and PROCID, with a space before each.
    let sender: [UInt8]
    /// `[` and the SD-ID.
    let opening: [UInt8]

    /// - Parameters:
    ///   - hostName: at most 255 visible ASCII characters are used.
    ///   - applicationName: at most 48.
    ///   - structuredDataID: at most 32; SD-ID of a program's own is `name@enterprise-number`.
    init(
        facility: SyslogFacility, limits: LineLimits, hostName: String, applicationName: String, processID: Int32,
        structuredDataID: String
    ) {
        self.facility = facility
        self.limits = limits
        let parts = [Self.header(hostName, 255), Self.header(applicationName, 48), Array("\(processID)".utf8)]
        sender = parts.flatMap { [UInt8(ascii: " ")] + $0 }
        opening = [UInt8(ascii: "[")] + Self.header(structuredDataID, Self.nameByteCount)
    }

    /// PRINTUSASCII without what ends an SD-NAME; the nil value for nothing.
    private static func header(_ text: String, _ byteCount: Int) -> [UInt8] {
        let bytes = text.unicodeScalars.prefix(byteCount).map { scalar -> UInt8 in
            switch scalar {
            case "\"", "]", "=": UInt8(ascii: "_")
            case "\u{21}"..."\u{7E}": UInt8(truncatingIfNeeded: scalar.value)
            default: UInt8(ascii: "_")
            }
        }
        return bytes.isEmpty ? [UInt8(ascii: "-")] : bytes
    }

    /// The message of an event.
    func append(_ event: borrowing EventView, to line: inout LineBuffer) {
        let metadata = event.metadata
        appendHeader(metadata.level, event.time, to: &line)
        line.append(" event ")
        appendData(metadata, event.origin, to: &line)
        if let context = event.context { appendContext(context, to: &line) }
        let message = event.message
        appendFields(event.fields, before: message.utf8.count, to: &line)
        line.append(message, .visible, upTo: limits.messageByteCount)
    }

    /// The message of a span: of its end, or of its start if it has not ended.
    func append(_ span: borrowing SpanView, to line: inout LineBuffer) {
        let metadata = span.metadata
        appendHeader(metadata.level, span.end ?? span.start, to: &line)
        line.append(" span ")
        appendData(metadata, span.origin, to: &line)
        appendContext(span.context, to: &line)
        if let parent = span.parent {
            line.append(#" parent_span_id=""#)
            line.append(hexadecimal: parent.rawValue, width: 16)
            line.append("\"")
        }
        if let duration = span.durationNanoseconds {
            line.append(#" duration_ns=""#)
            line.append(decimal: duration)
            line.append("\"")
            appendStatus(span.status, to: &line)
        } else {
            line.append(#" phase="start""#)
        }
        appendFields(span.fields, before: metadata.name.utf8.count, to: &line)
        line.append(metadata.name, .visible, upTo: limits.nameByteCount)
    }

    private func appendStatus(_ status: SpanStatus, to line: inout LineBuffer) {
        switch status {
        case .unset: line.append(#" status="unset""#)
        case .ok: line.append(#" status="ok""#)
        case .error(let description):
            line.append(#" status="error" error=""#)
            line.append(description, .parameter, upTo: limits.valueByteCount)
            line.append("\"")
        }
    }

    private func appendHeader(_ level: Level, _ time: Timestamp, to line: inout LineBuffer) {
        line.append("<")
        line.append(decimal: facility.priority(level))
        line.append(">1 ")
        line.append(date: time)
        line.append(contentsOf: sender.span)
    }

    private func appendData(_ metadata: Metadata, _ origin: SpanOrigin, to line: inout LineBuffer) {
        line.append(contentsOf: opening.span)
        line.append(#" level=""#)
        line.append(level: metadata.level)
        line.append(origin == .guest ? #"" origin="guest" target=""# : #"" origin="host" target=""#)
        line.append(metadata.target, .parameter, upTo: limits.nameByteCount)
        line.append("\"")
    }

    private func appendContext(_ context: SpanContext, to line: inout LineBuffer) {
        line.append(#" trace_id=""#)
        line.append(hexadecimal: context.traceID.high, width: 16)
        line.append(hexadecimal: context.traceID.low, width: 16)
        line.append(#"" span_id=""#)
        line.append(hexadecimal: context.spanID.rawValue, width: 16)
        line.append("\"")
    }

    /// The fields, in so much room that half of what is left, or all that it needs, stays for the message behind them.
    private func appendFields(_ fields: Swift.Span<Field>, before messageByteCount: Int, to line: inout LineBuffer) {
        let room = max(0, line.limit - line.count)
        let end = line.limit - min(messageByteCount, room / 2)
        for index in fields.indices {
            guard line.hasRoom(forField: index, limits), line.count < end else {
                line.markCut()
                break
            }
            line.append(" ")
            line.appendForeignKey(fields[index].key, upTo: min(Self.nameByteCount - 6, limits.nameByteCount))
            line.append("=\"")
            appendValue(fields[index].value, upTo: min(limits.valueByteCount, max(0, end - line.count)), to: &line)
            line.append("\"")
        }
        if line.isCut { line.append(#" cut="true""#) }
        line.append("] ")
    }

    private func appendValue(_ value: FieldValue, upTo byteCount: Int, to line: inout LineBuffer) {
        switch value {
        case .string(let text): line.append(text, .parameter, upTo: byteCount)
        case .int64(let number): line.append(decimal: number)
        case .uint64(let number): line.append(decimal: number)
        case .bool(let isTrue): line.append(isTrue ? "true" : "false")
        case .double(let number): line.append(number)
        case .bools, .int64s, .doubles, .strings: line.appendArray(value, .parameter, upTo: byteCount)
        }
    }
}
