// SPDX-License-Identifier: MIT OR Apache-2.0

extension LineBuffer {
    /// Appends an unsigned integer in decimal.
    @inline(__always)
    package mutating func append(decimal value: UInt64) {
        if value < 100_000_000 {
            let digits = Self.eightDigits(value)
            // The first digits are the lowest bytes; those that are zero go, but for the last.
            let zeros = min((digits ^ 0x3030_3030_3030_3030).trailingZeroBitCount &>> 3, 7)
            append(word: digits &>> UInt64(truncatingIfNeeded: 8 &* zeros), length: 8 &- zeros)
        } else {
            append(decimal: value, width: Self.digitCount(value))
        }
    }

    /// Appends a signed integer in decimal.
    @inline(__always)
    package mutating func append(decimal value: Int64) {
        if value < 0 { append("-") }
        append(decimal: value.magnitude)
    }

    /// Appends the last `width` decimal digits of a number, at most twenty, with zeros in front.
    package mutating func append(decimal value: UInt64, width: Int) {
        var rest = value
        var digits = width
        // Eight digits make a word, from the last one on; words are put together from the highest.
        var words: (UInt64, UInt64) = (0, 0)
        if digits > 16 {
            words.0 = Self.eightDigits(rest % 100_000_000)
            rest /= 100_000_000
            words.1 = Self.eightDigits(rest % 100_000_000)
            rest /= 100_000_000
            digits -= 16
            append(highest: rest, count: digits)
            append(word: words.1, length: 8)
            append(word: words.0, length: 8)
        } else if digits > 8 {
            words.0 = Self.eightDigits(rest % 100_000_000)
            append(highest: rest / 100_000_000, count: digits - 8)
            append(word: words.0, length: 8)
        } else {
            append(highest: rest, count: digits)
        }
    }

    /// Appends up to eight digits of a number that has no more.
    @inline(__always)
    private mutating func append(highest value: UInt64, count: Int) {
        append(word: Self.eightDigits(value % 100_000_000) >> UInt64(8 * (8 - count)), length: count)
    }

    /// Eight decimal digits as characters, the first in the lowest byte: halves, quarters and digits, all at once.
    @inline(__always)
    static func eightDigits(_ value: UInt64) -> UInt64 {
        let halves = value / 10_000 | (value % 10_000) << 32
        // 10,486 / 2^20 is 1/100 closely enough for four digits; 103 / 2^10 is 1/10 for two.
        let hundreds = (halves &* 10_486) >> 20 & 0x0000_007F_0000_007F
        let quarters = hundreds | (halves &- hundreds &* 100) << 16
        let tens = (quarters &* 103) >> 10 & 0x000F_000F_000F_000F
        return tens | (quarters &- tens &* 10) << 8 | 0x3030_3030_3030_3030
    }

    static func digitCount(_ value: UInt64) -> Int {
        var count = 1
        var bound: UInt64 = 10
        while value >= bound {
            count += 1
            let (next, isOver) = bound.multipliedReportingOverflow(by: 10)
            if isOver { break }
            bound = next
        }
        return count
    }

    /// Appends the last `width` hexadecimal digits of a number, at most sixteen, in lower case, with zeros in front.
    @inline(__always)
    package mutating func append(hexadecimal value: UInt64, width: Int) {
        if width > 8 {
            append(word: Self.hexadecimalDigits(value >> 32) >> UInt64(8 * (16 - width)), length: width - 8)
        }
        let low = min(width, 8)
        append(word: Self.hexadecimalDigits(value & 0xFFFF_FFFF) >> UInt64(8 * (8 - low)), length: low)
    }

    /// Eight hexadecimal digits as characters, the first in the lowest byte.
    @inline(__always)
    private static func hexadecimalDigits(_ value: UInt64) -> UInt64 {
        // One digit into each byte, the highest digit highest, then all turned round.
        var digits = (value | value << 16) & 0x0000_FFFF_0000_FFFF
        digits = (digits | digits << 8) & 0x00FF_00FF_00FF_00FF
        digits = (digits | digits << 4) & 0x0F0F_0F0F_0F0F_0F0F
        // A digit above 9 plus 6 reaches 16: that bit times 0x27 leads from `:` to `a`.
        let letters = (digits &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        return (digits &+ 0x3030_3030_3030_3030 &+ letters &* 0x27).byteSwapped
    }

    /// Appends the shortest text that reads back as the number. Costs an allocation where it has more than 15 characters.
    package mutating func append(_ value: Double) {
        for byte in value.description.utf8 { append(byte) }
    }
}
