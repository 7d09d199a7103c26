// SPDX-License-Identifier: MIT OR Apache-2.0

/// Durations and shares as people read them: three digits and the unit that fits.
enum DurationText {
    /// Each unit, from small to large, with the nanoseconds of its last shown digit: 1.23, 12.3 and 123 of it.
    private static let scales: [(step: UInt64, decimals: Int, symbol: StaticString)] = [
        (10, 2, "µs"), (100, 1, "µs"), (1_000, 0, "µs"),
        (10_000, 2, "ms"), (100_000, 1, "ms"), (1_000_000, 0, "ms"),
        (10_000_000, 2, "s"), (100_000_000, 1, "s"),
    ]

    /// `999 ns`, `1.23 µs`, `45.6 ms`, `1.00 s`, `86400 s`; rounded to nearest.
    static func string(nanoseconds: UInt64) -> String {
        let (digits, decimals, symbol) = scaled(nanoseconds)
        return "\(decimal(digits, decimals: decimals)) \(symbol)"
    }

    /// The digits of a duration, how many of them are behind the point, and the unit.
    static func scaled(_ nanoseconds: UInt64) -> (digits: UInt64, decimals: Int, symbol: StaticString) {
        guard nanoseconds >= 1_000 else { return (nanoseconds, 0, "ns") }
        for scale in scales {
            let digits = rounded(nanoseconds, to: scale.step)
            // A rounding that needs a fourth digit belongs to the next scale: 999.9 µs is 1.00 ms.
            if digits < 1_000 { return (digits, scale.decimals, scale.symbol) }
        }
        return (rounded(nanoseconds, to: 1_000_000_000), 0, "s")
    }

    /// `73%`, `7.3%`, `100%`; empty when the whole is nothing, `>999%` beyond that.
    static func share(of part: UInt64, in whole: UInt64) -> String {
        guard whole > 0 else { return "" }
        let percent = Double(part) / Double(whole) * 100
        if percent < 9.95 { return decimal(UInt64((percent * 10).rounded()), decimals: 1) + "%" }
        return percent < 999.5 ? "\(UInt64(percent.rounded()))%" : ">999%"
    }

    /// A fraction of a second as six digits.
    static func microseconds(_ nanoseconds: UInt64) -> String {
        padded(nanoseconds % 1_000_000_000 / 1_000, to: 6)
    }

    /// A number with leading zeros.
    static func padded(_ number: UInt64, to width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    private static func rounded(_ nanoseconds: UInt64, to step: UInt64) -> UInt64 {
        nanoseconds / step + (nanoseconds % step >= step / 2 ? 1 : 0)
    }

    private static func decimal(_ digits: UInt64, decimals: Int) -> String {
        guard decimals > 0 else { return String(digits) }
        let text = padded(digits, to: decimals + 1)
        return "\(text.dropLast(decimals)).\(text.suffix(decimals))"
    }
}
