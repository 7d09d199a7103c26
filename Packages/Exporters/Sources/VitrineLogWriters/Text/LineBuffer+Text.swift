// SPDX-License-Identifier: MIT OR Apache-2.0

extension LineBuffer {
    /// Appends text of strangers in a style, cut at a Unicode scalar to so many bytes as written.
    @inline(__always)
    package mutating func append(_ text: String, _ style: TextStyle, upTo byteCount: Int) {
        if !appendPlain(text, upTo: byteCount) { appendEscaped(text, style, upTo: byteCount) }
    }

    /// Appends a key: what would end it or hide in it becomes `_`, an empty one too.
    @inline(__always)
    mutating func appendKey(_ key: String, upTo byteCount: Int) {
        if !appendToken(key, upTo: byteCount) { appendMendedKey(key, upTo: byteCount) }
    }

    @inline(never)
    private mutating func appendMendedKey(_ key: String, upTo byteCount: Int) {
        let start = count
        let end = min(limit, count + byteCount)
        for scalar in key.unicodeScalars {
            guard count < end else {
                markCut()
                break
            }
            // Keys are ASCII in all formats, so that they can be no longer than they look.
            switch scalar {
            case "\"", "\\", "]", "=", ",": append("_")
            case "\u{21}"..."\u{7E}": append(UInt8(truncatingIfNeeded: scalar.value))
            default: append("_")
            }
        }
        if count == start { append("_") }
    }

    @inline(never)
    private mutating func appendEscaped(_ text: String, _ style: TextStyle, upTo byteCount: Int) {
        let end = max(count, min(limit, count + byteCount))
        // SAFETY: the bytes are read inside of the calls only.
        let isDone: Void? = unsafe text.utf8.withContiguousStorageIfAvailable {
            unsafe appendEscaped(UnsafeRawBufferPointer($0), style, end: end)
        }
        if isDone == nil {
            // SAFETY: as above. Not on Linux, where strings lie in a row.
            unsafe Array(text.utf8).withUnsafeBytes { unsafe appendEscaped($0, style, end: end) }
        }
    }

    /// Appends text in runs of plain bytes and scalar by scalar between them.
    private mutating func appendEscaped(_ source: UnsafeRawBufferPointer, _ style: TextStyle, end: Int) {
        var place = 0
        while place < source.count {
            // SAFETY: the run and the scalar are looked for inside the buffer.
            place += unsafe appendRun(source, from: place, upTo: end - count)
            guard place < source.count else { return }
            let before = count
            let (scalar, length) = unsafe Self.scalar(of: source, at: place)
            append(scalar, style)
            guard count <= end else {
                rewind(to: before)
                markCut()
                return append("…")
            }
            place += length
        }
    }

    /// The scalar at a place of valid UTF-8, and how many bytes it has.
    // SAFETY: each index is below the count; strings are valid UTF-8, and what is not would be shown as U+FFFD.
    private static func scalar(of source: UnsafeRawBufferPointer, at place: Int) -> (Unicode.Scalar, Int) {
        let first = unsafe source[place]
        guard first >= 0x80 else { return (Unicode.Scalar(first), 1) }
        let length = max(2, min((~first).leadingZeroBitCount, 4))
        guard place + length <= source.count else { return ("\u{FFFD}", source.count - place) }
        var value = UInt32(first) & (0x7F >> UInt32(length))
        for index in 1..<length { value = unsafe value << 6 | UInt32(source[place + index]) & 0x3F }
        return (Unicode.Scalar(value) ?? "\u{FFFD}", length)
    }
}
