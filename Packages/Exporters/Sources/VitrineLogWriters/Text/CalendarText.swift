// SPDX-License-Identifier: MIT OR Apache-2.0

internal import VitrineObservability

/// A timestamp as a date and a time in UTC.
enum CalendarText {
    /// `2026-11-22 10:39:29.123456 UTC`.
    static func string(_ timestamp: Timestamp) -> String {
        let seconds = timestamp.nanosecondsSinceEpoch / 1_000_000_000
        let (year, month, day) = date(daysSinceEpoch: seconds / 86_400)
        let clock = [seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60]
        let time = clock.map { DurationText.padded($0, to: 2) }.joined(separator: ":")
        let fraction = DurationText.microseconds(timestamp.nanosecondsSinceEpoch)
        return "\(year)-\(DurationText.padded(month, to: 2))-\(DurationText.padded(day, to: 2)) \(time).\(fraction) UTC"
    }

    /// The Gregorian date of a day, by counting whole cycles of 400, 100, 4 and 1 years from 1 March of year 0, so that
    /// the leap day is the last of its year.
    static func date(daysSinceEpoch: UInt64) -> (year: UInt64, month: UInt64, day: UInt64) {
        let days = daysSinceEpoch + 719_468  // from 0000-03-01 to 1970-01-01
        let ofCycle = days % 146_097
        // 36,524 days a century, 1,461 each four years, 365 a year; the last day of a longer period is its leap day.
        let century = min(ofCycle / 36_524, 3)
        let ofCentury = ofCycle - century * 36_524
        let olympiad = ofCentury / 1_461
        let ofOlympiad = ofCentury % 1_461
        let yearOfFour = min(ofOlympiad / 365, 3)
        var remaining = ofOlympiad - yearOfFour * 365
        var year = days / 146_097 * 400 + century * 100 + olympiad * 4 + yearOfFour
        var month: UInt64 = 3
        for length: UInt64 in [31, 30, 31, 30, 31, 31, 30, 31, 30, 31, 31] {
            guard remaining >= length else { break }
            remaining -= length
            month += 1
        }
        if month > 12 {
            month -= 12
            year += 1
        }
        return (year, month, remaining + 1)
    }
}
