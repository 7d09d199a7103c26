// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineLogWriters
import VitrineObservability

@Suite("LogfmtWriter")
struct LogfmtWriterTests {
    private let lines = MemoryLines()

    @Test("writes events and spans as keys and values")
    func records() {
        let writer = LogfmtWriter(to: lines, spans: .startsAndEnds)
        let place = Metadata(name: "event", target: "sample", level: .warn, file: "Sample/File.swift", line: 12)
        writer.eventDidOccur(
            EventRecord(
                context: Sample.context(2), metadata: place, origin: .guest, time: Sample.time(0), message: "hi there",
                fields: [
                    Field("count", -3), Field("path", "/a"), Field("quote", #"a "b""#), Field("empty", ""),
                    Field("line end", "a\nb"), Field("names", ["a", "b\"]"]), Field("list", [1, 2]), Field("half", 0.5),
                ]))
        writer.spanDidStart(Sample.span(2, "request", parent: 1))
        writer.spanDidEnd(
            Sample.span(2, "two words", parent: 1, to: 1_500, [Field("n", 1)], status: .error("not found")))
        writer.spanDidEnd(Sample.span(3, "fine", to: 1))
        let identity = "trace_id=4bf92f3577b34da6a3ce929d0e0e4736 span_id="
        let head = "level=info origin=host target=sample span="
        #expect(
            lines.text == #"""
                time=2026-11-22T10:39:29.123456Z level=warn origin=guest target=sample msg="hi there" \#(identity)\#
                0000000000000002 file=Sample/File.swift line=12 count=-3 path=/a quote="a \"b\"" empty="" line_end="a\nb" \#
                names="[a,b\"]]" list=[1,2] half=0.5
                time=2026-11-22T10:39:29.123456Z \#(head)request \#(identity)0000000000000002 \#
                parent_span_id=0000000000000001 phase=start
                time=2026-11-22T10:39:29.123458Z \#(head)"two words" \#(identity)0000000000000002 \#
                parent_span_id=0000000000000001 duration_ns=1500 status=error error="not found" n=1
                time=2026-11-22T10:39:29.123456Z \#(head)fine \#(identity)0000000000000003 duration_ns=1 status=unset

                """#)
    }

    @Test("no field can stand in for a key of the writer")
    func ownKeys() {
        let own = HostileText.ownKeys
        let writer = LogfmtWriter(to: lines)
        writer.eventDidOccur(Sample.event("m", in: nil, own.map { Field($0, 1) } + [Field("timer", 1)]))
        for key in own { #expect(lines.text.contains(" field.\(key)=1")) }
        #expect(lines.text.hasSuffix(" timer=1\n"))
    }

    @Test("a key is visible ASCII, whatever it was")
    func keys() {
        let writer = LogfmtWriter(to: lines)
        let keys = ["", "a b", "a=b", "a\"b", "a\\b", "a]b", "a,b", "ü", "a\nb", "\u{1B}", "ok.key-1"]
        writer.eventDidOccur(Sample.event("m", in: nil, keys.map { Field($0, 1) }))
        #expect(lines.text.hasSuffix(" msg=m _=1 a_b=1 a_b=1 a_b=1 a_b=1 a_b=1 a_b=1 _=1 a_b=1 _=1 ok.key-1=1\n"))
    }

    @Test("what is cut is marked and counted")
    func limits() {
        let writer = LogfmtWriter(to: lines, limits: LineLimits(messageByteCount: 4, nameByteCount: 6, fieldCount: 1))
        writer.eventDidOccur(Sample.event("12345", in: nil, [Field("1234567", 1), Field("second", 2)]))
        writer.eventDidOccur(Sample.event("1234", in: nil, [Field("123456", 1)]))
        #expect(
            lines.text == """
                time=2026-11-22T10:39:29.123456Z level=info origin=host target=sample msg="1234…" 123456=1 cut=true
                time=2026-11-22T10:39:29.123456Z level=info origin=host target=sample msg=1234 123456=1

                """)
        #expect(writer.losses.cutCount == 1)
    }
}
