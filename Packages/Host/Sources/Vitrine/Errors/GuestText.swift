// SPDX-License-Identifier: MIT OR Apache-2.0

/// Text that a guest, or something it can influence, has written: bounded, then made safe to print.
enum GuestText {
    /// The most bytes of UTF-8 kept of one text: the ABI's limit of error texts.
    static let maximumByteCount = 4_096

    /// The text cut to the limit at a character's border, with an ellipsis where it was cut.
    static func bounded(_ text: String, maximumByteCount: Int = maximumByteCount) -> String {
        guard text.utf8.count > maximumByteCount else { return text }
        var end = text.utf8.index(text.utf8.startIndex, offsetBy: maximumByteCount - 3)
        while end > text.startIndex, String.Index(end, within: text.unicodeScalars) == nil {
            end = text.utf8.index(before: end)
        }
        return text[..<end] + "…"
    }

    /// The text with everything escaped that could move a cursor, fake a line or reorder what is read.
    static func escaped(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isUnsafe) else { return text }
        var result = ""
        result.reserveCapacity(text.utf8.count + 16)
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where isUnsafe(scalar): result += "\\u{\(String(scalar.value, radix: 16))}"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// Control and format characters (Unicode categories Cc, Cf), line and paragraph separators.
    private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value >= 0x20, scalar.value < 0x7F { return false }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator: return true
        default: return false
        }
    }
}
