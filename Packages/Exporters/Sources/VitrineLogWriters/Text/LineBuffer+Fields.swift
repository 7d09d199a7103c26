// SPDX-License-Identifier: MIT OR Apache-2.0

internal import VitrineObservability

extension LineBuffer {
    /// Whether a field of this index may follow; if not, the line says that something was left out.
    @inline(__always)
    mutating func hasRoom(forField index: Int, _ limits: LineLimits) -> Bool {
        if index < limits.fieldCount, count < limit { return true }
        markCut()
        return false
    }

    /// Appends the value of `key=value`: bare where it can be taken for one value only, else between quotation marks.
    ///
    /// Arrays are in brackets, their elements separated by commas; one of texts is between quotation marks as a whole.
    ///
    /// - Parameter style: how to escape between quotation marks.
    @inline(__always)
    mutating func appendValue(_ value: FieldValue, _ style: TextStyle, upTo byteCount: Int) {
        switch value {
        case .string(let text):
            if !appendToken(text, upTo: byteCount) {
                append("\"")
                append(text, style, upTo: byteCount)
                append("\"")
            }
        case .int64(let number): append(decimal: number)
        case .uint64(let number): append(decimal: number)
        case .bool(let isTrue): append(isTrue ? "true" : "false")
        case .double(let number): append(number)
        case .bools, .int64s, .doubles: appendArray(value, style, upTo: byteCount)
        case .strings:
            append("\"")
            appendArray(value, style, upTo: byteCount)
            append("\"")
        }
    }

    /// Appends an array in brackets as text that is part of a larger one in some style.
    @inline(never)
    mutating func appendArray(_ value: FieldValue, _ style: TextStyle, upTo byteCount: Int) {
        let end = min(limit, count + byteCount)
        append("[")
        switch value {
        case .bools(let elements):
            appendElements(elements.span, end) { (line, element) in line.append(element ? "true" : "false") }
        case .int64s(let elements):
            appendElements(elements.span, end) { (line, element) in line.append(decimal: element) }
        case .doubles(let elements): appendElements(elements.span, end) { (line, element) in line.append(element) }
        case .strings(let elements):
            appendElements(elements.span, end) { (line, element) in
                line.append(element, style, upTo: max(0, end - line.count))
            }
        default: break
        }
        append(style == .parameter ? #"\]"# : "]")
    }

    /// Appends elements with commas between them until so many bytes are written.
    @inline(__always)
    mutating func appendElements<Element>(
        _ elements: Swift.Span<Element>, _ end: Int, _ appendOne: (inout LineBuffer, Element) -> Void
    ) {
        for index in elements.indices {
            if index > 0 { append(",") }
            guard count < end else {
                markCut()
                return append("…")
            }
            appendOne(&self, elements[index])
        }
    }
}
