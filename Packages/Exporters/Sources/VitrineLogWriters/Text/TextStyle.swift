// SPDX-License-Identifier: MIT OR Apache-2.0

/// How text of strangers is made safe. In all styles nothing invisible remains: no control, no format character, no line.
package enum TextStyle {
    /// As people read it: `\n`, `\u{1b}`, backslashes doubled.
    case visible
    /// The same between quotation marks.
    case quoted
    /// A string of JSON (RFC 8259, section 7), also what logfmt has between quotation marks.
    case json
    /// The same with a backslash by its number: Perfetto, up to version 52 at least, takes one that ends a string for the
    /// escape of the quotation mark behind it, and reads nothing of what comes later.
    case timeline
    /// A PARAM-VALUE of syslog (RFC 5424, section 6.3.3): what is invisible is shown as in `visible`, then escaped.
    case parameter
}

extension LineBuffer {
    /// Appends a Unicode scalar in a style, or its escape.
    @inline(never)
    mutating func append(_ scalar: Unicode.Scalar, _ style: TextStyle) {
        switch scalar {
        case "\"": append(style == .visible ? "\"" : #"\""#)
        case "\\": append(style == .parameter ? #"\\\\"# : style == .timeline ? #"\u005c"# : #"\\"#)
        case "]": append(style == .parameter ? #"\]"# : "]")
        case "\n": append(style == .parameter ? #"\\n"# : #"\n"#)
        case "\r": append(style == .parameter ? #"\\r"# : #"\r"#)
        case "\t": append(style == .parameter ? #"\\t"# : #"\t"#)
        case "\u{20}"..."\u{7E}": append(UInt8(truncatingIfNeeded: scalar.value))
        case _ where SafeText.isVisible(scalar): append(encoded: scalar)
        default: appendEscape(scalar, style)
        }
    }

    private mutating func appendEscape(_ scalar: Unicode.Scalar, _ style: TextStyle) {
        switch style {
        case .json, .timeline:
            for unit in UTF16.encode(scalar) ?? UTF16.encodedReplacementCharacter {
                append(#"\u"#)
                append(hexadecimal: UInt64(unit), width: 4)
            }
        case .visible, .quoted, .parameter:
            append(style == .parameter ? #"\\u{"# : #"\u{"#)
            append(hexadecimal: UInt64(scalar.value), width: max(1, (35 - scalar.value.leadingZeroBitCount) / 4))
            append("}")
        }
    }

    private mutating func append(encoded scalar: Unicode.Scalar) {
        for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter { append(byte) }
    }
}
