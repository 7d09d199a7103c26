// SPDX-License-Identifier: MIT OR Apache-2.0

internal import VitrineObservability

/// A second of UTC as text, kept because most lines are of the same second as the one before.
struct SecondText {
    private(set) var second = UInt64.max
    /// `2026-11-`, `22T10:39`, `:29.`, each with its first character in the lowest byte.
    private(set) var words: (UInt64, UInt64, UInt64) = (0, 0, 0)
    /// `10:39:29`.
    private(set) var clock: UInt64 = 0

    @inline(__always)
    mutating func update(to second: UInt64) {
        if second != self.second { make(second) }
    }

    @inline(never)
    private mutating func make(_ second: UInt64) {
        let (year, month, day) = CalendarText.date(daysSinceEpoch: second / 86_400)
        // Eight digits at once: year, month and day; hour, minute and second with two zeros behind.
        let date = LineBuffer.eightDigits(year % 10_000 * 10_000 + month * 100 + day)
        let time = LineBuffer.eightDigits(
            second / 3_600 % 24 * 1_000_000 + second / 60 % 60 * 10_000 + second % 60 * 100)
        let dash = UInt64(UInt8(ascii: "-"))
        let colon = UInt64(UInt8(ascii: ":"))
        let (hour, minute, seconds) = (time & 0xFFFF, time >> 16 & 0xFFFF, time >> 32 & 0xFFFF)
        words.0 = date & 0xFFFF_FFFF | dash << 32 | (date >> 32 & 0xFFFF) << 40 | dash << 56
        words.1 = date >> 48 | UInt64(UInt8(ascii: "T")) << 16 | hour << 24 | colon << 40 | minute << 48
        words.2 = colon | seconds << 8 | UInt64(UInt8(ascii: ".")) << 24
        clock = hour | colon << 16 | minute << 24 | colon << 40 | seconds << 48
        self.second = second
    }
}

extension LineBuffer {
    /// Appends `2026-11-22T10:39:29.123456Z`: RFC 3339, in UTC.
    @inline(__always)
    mutating func append(date time: Timestamp) {
        let (seconds, nanoseconds) = time.nanosecondsSinceEpoch.quotientAndRemainder(dividingBy: 1_000_000_000)
        second.update(to: seconds)
        append(word: second.words.0, length: 8)
        append(word: second.words.1, length: 8)
        append(word: second.words.2, length: 4)
        append(word: Self.eightDigits(nanoseconds / 1_000) >> 16, length: 6)
        append("Z")
    }

    /// Appends `10:39:29.123`, in UTC.
    @inline(__always)
    mutating func append(clock time: Timestamp) {
        let (seconds, nanoseconds) = time.nanosecondsSinceEpoch.quotientAndRemainder(dividingBy: 1_000_000_000)
        second.update(to: seconds)
        append(word: second.clock, length: 8)
        append(".")
        append(word: Self.eightDigits(nanoseconds / 1_000_000) >> 40, length: 3)
    }

    /// Appends `1.23 ms`.
    mutating func append(duration nanoseconds: UInt64) {
        let (digits, decimals, symbol) = DurationText.scaled(nanoseconds)
        if decimals == 0 {
            append(decimal: digits)
        } else {
            let scale: UInt64 = decimals == 1 ? 10 : 100
            append(decimal: digits / scale)
            append(".")
            append(decimal: digits % scale, width: decimals)
        }
        append(" ")
        append(symbol)
    }
}
