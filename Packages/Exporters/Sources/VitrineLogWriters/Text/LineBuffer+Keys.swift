// SPDX-License-Identifier: MIT OR Apache-2.0

extension LineBuffer {
    /// Appends a field's key for a line of logfmt or syslog, with `field.` before one that would stand in for a key that the
    /// line has itself.
    ///
    /// What is written decides, not what was given: a mended or a cut key may have become one of the line's own.
    @inline(__always)
    mutating func appendForeignKey(_ key: String, upTo byteCount: Int) {
        let start = count
        appendKey(key, upTo: byteCount)
        guard holdsOwnKey(from: start) else { return }
        rewind(to: start)
        append("field.")
        appendKey(key, upTo: byteCount)
    }

    /// Whether the bytes from a place on are a key of the writer's.
    @inline(__always)
    private func holdsOwnKey(from place: Int) -> Bool {
        switch count - place {
        case 3: holds("msg", from: place) || holds("cut", from: place)
        case 4:
            holds("time", from: place) || holds("span", from: place) || holds("file", from: place)
                || holds("line", from: place)
        case 5: holds("level", from: place) || holds("error", from: place) || holds("phase", from: place)
        case 6: holds("origin", from: place) || holds("target", from: place) || holds("status", from: place)
        case 7: holds("span_id", from: place)
        case 8: holds("trace_id", from: place)
        case 11: holds("duration_ns", from: place)
        case 14: holds("parent_span_id", from: place)
        default: false
        }
    }
}
