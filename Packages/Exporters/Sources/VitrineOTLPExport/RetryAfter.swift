// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineObservability

/// When a receiver wants to be asked again: seconds, or one of HTTP's three forms of a date.
///
/// https://www.rfc-editor.org/rfc/rfc9110#field.retry-after, https://www.rfc-editor.org/rfc/rfc9110#section-5.6.7
enum RetryAfter: Sendable, Hashable {
    /// So many seconds from now.
    case seconds(UInt64)
    /// At this second since the epoch.
    case date(UInt64)

    /// Reads a header; nil if it is neither. Any text gives a value or nil.
    init?(_ text: String) {
        guard text.utf8.count <= 64 else { return nil }
        let words = text.split { $0 == " " || $0 == "\t" }
        if words.count == 1, let seconds = Self.number(words[0], digits: 1...19) {
            self = .seconds(seconds)
        } else if let date = Self.internetDate(words) ?? Self.dashedDate(words) ?? Self.asctimeDate(words) {
            self = .date(date)
        } else {
            return nil
        }
    }

    /// The wait in nanoseconds; 0 for a date that is over.
    func nanoseconds(from now: Timestamp) -> UInt64 {
        switch self {
        case .seconds(let seconds): return Self.nanoseconds(seconds)
        case .date(let date):
            let moment = Self.nanoseconds(date)
            return moment > now.nanosecondsSinceEpoch ? moment - now.nanosecondsSinceEpoch : 0
        }
    }

    private static func nanoseconds(_ seconds: UInt64) -> UInt64 {
        let (product, isTooLarge) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return isTooLarge ? .max : product
    }

    /// `Sun, 06 Nov 1994 08:49:37 GMT`
    private static func internetDate(_ words: [Substring]) -> UInt64? {
        guard words.count == 6, words[0].hasSuffix(","), words[5] == "GMT" else { return nil }
        return seconds(day: words[1], month: words[2], year: number(words[3], digits: 4...4), time: words[4])
    }

    /// `Sunday, 06-Nov-94 08:49:37 GMT`; years from 70 on are of the last century.
    private static func dashedDate(_ words: [Substring]) -> UInt64? {
        guard words.count == 4, words[0].hasSuffix(","), words[3] == "GMT" else { return nil }
        let parts = words[1].split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, let year = number(parts[2], digits: 2...2) else { return nil }
        return seconds(day: parts[0], month: parts[1], year: year + (year < 70 ? 2_000 : 1_900), time: words[2])
    }

    /// `Sun Nov  6 08:49:37 1994`
    private static func asctimeDate(_ words: [Substring]) -> UInt64? {
        guard words.count == 5 else { return nil }
        return seconds(day: words[2], month: words[1], year: number(words[4], digits: 4...4), time: words[3])
    }

    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func seconds(day: Substring, month: Substring, year: UInt64?, time: Substring) -> UInt64? {
        let clock = time.split(separator: ":", omittingEmptySubsequences: false)
        guard let year, year >= 1970, let month = months.firstIndex(of: String(month)),
            let day = number(day, digits: 1...2), (1...31).contains(day), clock.count == 3,
            let hour = number(clock[0], digits: 2...2), hour < 24,
            let minute = number(clock[1], digits: 2...2), minute < 60,
            let second = number(clock[2], digits: 2...2), second <= 60
        else { return nil }
        // Years that begin in March have their leap day at the end.
        let shifted = month < 2 ? year - 1 : year
        let dayOfYear = (153 * UInt64((month + 10) % 12) + 2) / 5 + day - 1
        let days = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
        return days * 86_400 + hour * 3_600 + minute * 60 + second
    }

    private static func number(_ text: Substring, digits: ClosedRange<Int>) -> UInt64? {
        guard digits.contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return UInt64(text)
    }
}
