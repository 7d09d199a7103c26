// SPDX-License-Identifier: MIT OR Apache-2.0

/// What a guest may say to be taken for somebody else, and how to see whether it came through.
enum HostileText {
    /// A terminal sequence, line ends of all kinds, C1 controls, reordering, hidden and unassigned characters, quotation marks
    /// and brackets that end values, and escapes that are none.
    static let everything = """
        \u{1B}[2J\r\n10:39:29.123 ERROR host: forged\u{9B}31m\u{85}\u{202E}\u{7}\u{2028}\u{2029}\u{200B}\u{0}\u{7F}\u{FEFF}\
        \u{E000}\u{E0041}\u{FFFF} "]} \\n \\u{1b} \\" a=b, level=error ü 漢 🙂
        """

    /// The keys that lines of logfmt and syslog have themselves.
    static let ownKeys = [
        "time", "level", "origin", "target", "msg", "span", "trace_id", "span_id", "parent_span_id", "duration_ns",
        "status", "error", "phase", "file", "line", "cut",
    ]

    /// A key itself, and with each character in the place of its `_` that a writer has to mend.
    static func keysMended(to own: String) -> [String] {
        let mended = [
            " ", ",", "=", "\"", "\\", "]", "\n", "\u{0}", "\u{1B}", "\u{7F}", "\u{85}", "\u{202E}", "é", "漢", "🙂",
        ]
        return [own] + (own.contains("_") ? mended.map { own.replacing("_", with: $0) } : [])
    }

    /// Random text of one, two, three and four bytes a scalar, with many that matter.
    static func random(scalarCount: Int, using generator: inout some RandomNumberGenerator) -> String {
        let telling: [Unicode.Scalar] = [
            "\u{1B}", "\n", "\"", "\\", "]", "=", " ", "\u{0}", "\u{7F}", "\u{9B}", "\u{202E}",
        ]
        var text = ""
        for _ in 0..<scalarCount {
            switch UInt8.random(in: 0..<8, using: &generator) {
            case 0..<4: text.unicodeScalars.append(Unicode.Scalar(UInt8.random(in: 0x20...0x7E, using: &generator)))
            case 4, 5: text.unicodeScalars.append(telling.randomElement(using: &generator) ?? "\n")
            default:
                let value = UInt32.random(in: 0...0x10_FFFF, using: &generator)
                text.unicodeScalars.append(Unicode.Scalar(value) ?? "\u{FFFD}")
            }
        }
        return text
    }

    /// What of written bytes a terminal would obey, hide or take for another line; empty for lines that are safe.
    static func dangers(in bytes: [UInt8]) -> [String] {
        var dangers: [String] = []
        let text = String(decoding: bytes, as: UTF8.self)
        if Array(text.utf8) != bytes { dangers.append("not UTF-8") }
        for byte in bytes.dropLast() where byte < 0x20 || byte == 0x7F { dangers.append("byte \(byte)") }
        if bytes.last != UInt8(ascii: "\n") { dangers.append("no line feed at the end") }
        for scalar in text.unicodeScalars where scalar.value >= 0x80 {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned:
                dangers.append("U+\(String(scalar.value, radix: 16))")
            default: break
            }
        }
        return dangers
    }
}

/// Numbers that are the same in every run: SplitMix64 (Steele, Lea and Flood, 2014).
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}
