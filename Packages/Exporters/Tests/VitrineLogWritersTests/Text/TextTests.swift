// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineObservability

@testable import VitrineLogWriters

@Suite("DurationText, CalendarText and SafeText")
struct TextTests {
    @Test(
        "durations have three digits and the unit that fits",
        arguments: [
            (0, "0 ns"), (1, "1 ns"), (999, "999 ns"), (1_000, "1.00 µs"), (1_234, "1.23 µs"), (1_235, "1.24 µs"),
            (9_994, "9.99 µs"), (9_995, "10.0 µs"), (99_949, "99.9 µs"), (99_950, "100 µs"), (999_499, "999 µs"),
            (999_500, "1.00 ms"), (45_600_000, "45.6 ms"), (999_500_000, "1.00 s"), (59_900_000_000, "59.9 s"),
            (99_950_000_000, "100 s"), (86_400_000_000_000, "86400 s"), (UInt64.max, "18446744074 s"),
        ] as [(UInt64, String)]
    )
    func durations(_ nanoseconds: UInt64, _ text: String) {
        #expect(DurationText.string(nanoseconds: nanoseconds) == text)
    }

    @Test(
        "shares have two digits",
        arguments: [
            (0, 10, "0.0%"), (1, 1_000, "0.1%"), (73, 1_000, "7.3%"), (9_949, 100_000, "9.9%"),
            (995, 10_000, "10%"), (73, 100, "73%"), (1, 1, "100%"), (5, 0, ""), (.max, 1, ">999%"),
        ] as [(UInt64, UInt64, String)]
    )
    func shares(_ part: UInt64, _ whole: UInt64, _ text: String) {
        #expect(DurationText.share(of: part, in: whole) == text)
    }

    @Test(
        "dates are Gregorian",
        arguments: [
            (0, "1970-01-01 00:00:00"), (951_782_399, "2000-02-28 23:59:59"), (951_782_400, "2000-02-29 00:00:00"),
            (951_868_800, "2000-03-01 00:00:00"), (1_709_164_800, "2024-02-29 00:00:00"),
            (1_735_689_599, "2024-12-31 23:59:59"), (1_735_689_600, "2025-01-01 00:00:00"),
            (4_107_542_400, "2100-03-01 00:00:00"), (18_446_744_073, "2554-07-21 23:34:33"),
        ] as [(UInt64, String)]
    )
    func dates(_ seconds: UInt64, _ text: String) {
        let timestamp = Timestamp(nanosecondsSinceEpoch: seconds * 1_000_000_000)
        #expect(CalendarText.string(timestamp) == text + ".000000 UTC")
    }

    @Test(
        "text is escaped so that escapes cannot be imitated",
        arguments: [
            ("plain text", "plain text"), ("ü 漢 🙂", "ü 漢 🙂"), ("a\nb", #"a\nb"#), (#"a\nb"#, #"a\\nb"#),
            ("\u{1B}[0m", #"\u{1b}[0m"#), ("\u{85}", #"\u{85}"#), ("\r\n", #"\r\n"#), ("\u{FEFF}", #"\u{feff}"#),
            ("\u{E000}", #"\u{e000}"#), ("", ""),
        ]
    )
    func escaping(_ text: String, _ expected: String) {
        #expect(SafeText.escaped(text) == expected)
    }

    @Test(
        "values are quoted where they could be taken for more than one",
        arguments: [
            ("plain", "plain"), ("", "\"\""), ("a b", "\"a b\""), ("a=b", "\"a=b\""), ("a\"b", #""a\"b""#),
            ("a\nb", #"a\nb"#),
        ]
    )
    func quoting(_ text: String, _ expected: String) {
        #expect(SafeText.quoted(text) == expected)
    }

    @Test(
        "a field is one key and one value",
        arguments: [
            (Field("k", "v"), "k", "v"), (Field("x=1 outcome", 2), "x_1_outcome", "2"), (Field("", 1), "_", "1"),
            (Field("a,b]\"\\é\u{1B}\n", true), "a_b______", "true"), (Field("k", [1, 2]), "k", "[1,2]"),
            (Field("k", ["a", "b c"]), "k", #"["a","b c"]"#), (Field("k", ["a\",\"b"]), "k", #"["a\",\"b"]"#),
            (Field("k", ["\u{1B}[2J\r\n", "] x=1"]), "k", #"["\u{1b}[2J\r\n","] x=1"]"#),
            (Field("k", [""]), "k", #"[""]"#),
        ] as [(Field, String, String)]
    )
    func fields(_ field: Field, _ key: String, _ value: String) {
        #expect(SafeText.field(field) == (key, value))
    }

    @Test("text is cut between characters, whatever the limit")
    func bounds() {
        let text = "aé漢🙂"
        for limit in 0...text.utf8.count {
            let cut = SafeText.bounded(text, to: limit)
            #expect(limit == text.utf8.count ? cut == text : cut.contains("bytes more"))
            #expect(!cut.unicodeScalars.contains("\u{FFFD}"))
        }
    }
}
