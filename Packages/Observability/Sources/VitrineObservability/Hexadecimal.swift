// SPDX-License-Identifier: MIT OR Apache-2.0

/// W3C trace-context identifiers are lower-case hexadecimal of fixed width.
enum Hexadecimal {
    /// Sixteen lower-case digits, leading zeros kept.
    static func string(_ value: UInt64) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 16 - digits.utf8.count) + digits
    }

    /// The value of exactly sixteen lower-case digits, or nil.
    static func value(_ digits: Substring.UTF8View) -> UInt64? {
        guard digits.count == 16 else { return nil }
        var value: UInt64 = 0
        for character in digits {
            switch character {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): value = value << 4 | UInt64(character - UInt8(ascii: "0"))
            case UInt8(ascii: "a")...UInt8(ascii: "f"): value = value << 4 | UInt64(character - UInt8(ascii: "a") + 10)
            default: return nil
            }
        }
        return value
    }
}
