// SPDX-License-Identifier: MIT OR Apache-2.0

internal import VitrineObservability

/// Text of strangers made safe to print: one line, no terminal sequences, no invisible or reordering characters.
enum SafeText {
    /// The text with everything that is not plainly visible as an escape, and backslashes doubled so that no escape can
    /// be imitated.
    static func escaped(_ text: String) -> String {
        if text.utf8.allSatisfy({ 0x20...0x7E ~= $0 && $0 != UInt8(ascii: "\\") }) { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\": result += #"\\"#
            case "\n": result += #"\n"#
            case "\r": result += #"\r"#
            case "\t": result += #"\t"#
            case _ where isVisible(scalar): result.unicodeScalars.append(scalar)
            default: result += "\\u{\(String(scalar.value, radix: 16))}"
            }
        }
        return result
    }

    /// The same, in quotation marks where it could be taken for more than one value.
    static func quoted(_ text: String) -> String {
        let escaped = escaped(text)
        let isPlain = !escaped.isEmpty && !escaped.unicodeScalars.contains { " \"=,".unicodeScalars.contains($0) }
        return isPlain ? escaped : inQuotationMarks(escaped: escaped)
    }

    private static func inQuotationMarks(escaped: String) -> String {
        var result = "\""
        for scalar in escaped.unicodeScalars {
            if scalar == "\"" { result.unicodeScalars.append("\\") }
            result.unicodeScalars.append(scalar)
        }
        return result + "\""
    }

    /// The text as a key: what would end it or hide in it becomes `_`, an empty one too, as in the lines.
    static func key(_ text: String) -> String {
        var result = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\", "]", "=", ",": result += "_"
            case "\u{21}"..."\u{7E}": result.unicodeScalars.append(scalar)
            default: result += "_"
            }
        }
        return result.isEmpty ? "_" : result
    }

    /// A field as `key=value`. Texts of an array are always in quotation marks, so that no text adds another.
    static func field(_ field: Field) -> (key: String, value: String) {
        let value =
            switch field.value {
            case .string(let text): quoted(text)
            case .strings(let texts):
                "[" + texts.map { inQuotationMarks(escaped: escaped($0)) }.joined(separator: ",") + "]"
            case .bool, .int64, .uint64, .double, .bools, .int64s, .doubles: field.value.description
            }
        return (key(field.key), value)
    }

    /// The text cut to a number of UTF-8 bytes at a character of Unicode, with a sign that something is missing.
    static func bounded(_ text: String, to byteCount: Int) -> String {
        guard text.utf8.count > byteCount else { return text }
        var end = text.utf8.index(text.utf8.startIndex, offsetBy: max(0, byteCount))
        while end > text.utf8.startIndex, text.utf8[end] & 0xC0 == 0x80 {
            end = text.utf8.index(before: end)
        }
        return "\(text[..<end])… (\(text.utf8.distance(from: end, to: text.utf8.endIndex)) bytes more)"
    }

    /// Whether a scalar is plainly visible, or the space.
    static func isVisible(_ scalar: Unicode.Scalar) -> Bool {
        if 0x20...0x7E ~= scalar.value { return true }
        switch scalar.properties.generalCategory {
        // Format characters hide or reorder text, separators make lines, the others have no agreed appearance.
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: return false
        default: return true
        }
    }
}
