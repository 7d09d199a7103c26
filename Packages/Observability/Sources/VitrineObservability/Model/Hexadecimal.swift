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
        digits.count == 16 ? number(digits) : nil
    }

    /// The value of exactly two lower-case digits, or nil.
    static func byte(_ digits: some Collection<UInt8>) -> UInt8? {
        digits.count == 2 ? number(digits).map { UInt8(truncatingIfNeeded: $0) } : nil
    }

    private static func number(_ digits: some Collection<UInt8>) -> UInt64? {
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
