// SPDX-License-Identifier: MIT OR Apache-2.0

/// The entries of W3C baggage without properties, which OpenTelemetry's lists consist of.
///
/// https://www.w3.org/TR/baggage/#baggage-string
enum PercentEncoding {
    /// Reads `key=value`; nil if there is no key, no `=`, or no valid encoding. A value may have `=` in it.
    static func pair(_ entry: Substring) -> (key: String, value: String)? {
        guard let separator = entry.firstIndex(of: "=") else { return nil }
        guard let key = decoded(entry[..<separator].trimmingBlanks), !key.isEmpty,
            let value = decoded(entry[entry.index(after: separator)...].trimmingBlanks)
        else { return nil }
        return (key, value)
    }

    /// The text with each `%XX` replaced by its byte; nil if one is cut off, or the bytes are no UTF-8.
    static func decoded(_ text: Substring) -> String? {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(digit), let low = rest.popFirst().flatMap(digit) else {
                return nil
            }
            bytes.append(high << 4 | low)
        }
        return String(validating: bytes, as: UTF8.self)
    }

    private static func digit(_ character: UInt8) -> UInt8? {
        switch character {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): character - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): character - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): character - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
