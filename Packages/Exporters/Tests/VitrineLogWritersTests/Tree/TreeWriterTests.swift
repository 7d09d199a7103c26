// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineLogWriters
import VitrineObservability

@Suite("TreeWriter")
struct TreeWriterTests {
    private let recording = Recording()

    private func writer(isColored: Bool = false, limits: TreeWriterLimits = TreeWriterLimits()) -> TreeWriter {
        TreeWriter(isColored: isColored, limits: limits) { [recording] in recording.sink($0) }
    }

    @Test("prints a call through guest and host as one tree")
    func tree() {
        let writer = writer()
        let echo = [Field("function", "echo"), Field("path", "/a b")]
        writer.spanDidStart(Sample.span(1, "request"))
        writer.spanDidStart(Sample.span(2, "call-to-guest", parent: 1, from: 10_000))
        writer.spanDidStart(Sample.span(3, "echo", parent: 2, origin: .guest, level: .debug, from: 20_000))
        writer.eventDidOccur(Sample.event("hello", in: 3, at: 30_500, origin: .guest, [Field("count", 3)]))
        writer.spanDidStart(Sample.span(4, "call-to-host", parent: 3, from: 40_000))
        writer.spanDidEnd(Sample.span(4, "call-to-host", parent: 3, from: 40_000, to: 240_000))
        writer.eventDidOccur(Sample.event("late", in: 3, at: 300_000, origin: .guest, level: .warn))
        writer.spanDidEnd(
            Sample.span(
                3, "echo", parent: 2, origin: .guest, level: .debug, from: 20_000, to: 420_000,
                [Field("length", 5), Field("ok", true)]))
        writer.spanDidEnd(Sample.span(2, "call-to-guest", parent: 1, from: 10_000, to: 510_000, echo))
        #expect(recording.all.isEmpty)
        writer.spanDidEnd(Sample.span(1, "request", to: 1_234_567))
        #expect(
            recording.all == [
                """
                trace 4bf92f3577b34da6a3ce929d0e0e4736 · 2026-11-22 10:39:29.123456 UTC · 4 spans · 2 events
                  1.23 ms         host   info   request
                   500 µs    41%  host   info   └─ call-to-guest  function=echo path="/a b"
                   400 µs    80%  guest  debug     └─ echo  length=5 ok=true
                 +30.5 µs         guest  info         ├─ • hello  count=3
                   200 µs    50%  host   info         ├─ call-to-host
                  +300 µs         guest  warn         └─ • late


                """
            ])
        #expect(writer.losses == TreeWriterLosses())
    }

    @Test("orders spans and events by their times, whatever order they came in")
    func order() {
        let writer = writer()
        writer.spanDidStart(Sample.span(1, "root"))
        writer.eventDidOccur(Sample.event("third", in: 1, at: 30))
        writer.spanDidStart(Sample.span(2, "second", parent: 1, from: 20))
        writer.eventDidOccur(Sample.event("first", in: 1, at: 10))
        writer.spanDidEnd(Sample.span(2, "second", parent: 1, from: 20, to: 25))
        writer.spanDidEnd(Sample.span(1, "root", to: 100))
        let names = recording.lines.dropFirst(2).prefix(3).map { $0.split(separator: " ").last }
        #expect(names == ["first", "second", "third"])
    }

    @Test("tells why a span failed once, at the innermost span that failed for it")
    func failure() {
        let writer = writer()
        writer.spanDidStart(Sample.span(1, "outer"))
        writer.spanDidStart(Sample.span(2, "inner", parent: 1))
        writer.spanDidEnd(Sample.span(2, "inner", parent: 1, to: 5, status: .error("trap")))
        writer.spanDidEnd(Sample.span(1, "outer", to: 10, status: .error("trap")))
        #expect(recording.lines[1] == "    10 ns         host   info   outer  ✗")
        #expect(recording.lines[2] == "     5 ns    50%  host   info   └─ inner  ✗ trap")
    }

    @Test("nothing a guest says can make a line, a terminal sequence or hidden text")
    func forgery() {
        let hostile = "\u{1B}[2J\r\n  1.00 ms  100%  host   info   forged\u{9B}31m\u{202E}\u{7}\u{2028}\u{200B}\0 \\n"
        let writer = writer()
        let fields = [Field(hostile, .string(hostile)), Field("texts", .strings([hostile, hostile]))]
        writer.spanDidStart(Sample.span(1, hostile, origin: .guest))
        writer.eventDidOccur(Sample.event(hostile, in: 1, origin: .guest, fields))
        writer.spanDidEnd(Sample.span(1, hostile, origin: .guest, to: 10, fields, status: .error(hostile)))
        writer.eventDidOccur(Sample.event(hostile, in: nil, origin: .guest, fields))
        #expect(recording.text.unicodeScalars.filter { $0 == "\n" }.count == 5)
        let suspects = recording.text.unicodeScalars.filter { scalar in
            [.control, .format, .lineSeparator].contains(scalar.properties.generalCategory) && scalar != "\n"
        }
        #expect(suspects.isEmpty)
        #expect(recording.lines[2].contains(#"\u{1b}[2J\r\n  1.00 ms"#))
        #expect(recording.lines[2].contains(#"forged\u{9b}31m\u{202e}\u{7}\u{2028}\u{200b}\u{0} \\n"#))
    }

    @Test("a guest's key draws no second field, and its texts no second element")
    func forgedFields() {
        let writer = writer()
        let fields = [Field("x=1 outcome", "ok"), Field("texts", ["a\" outcome=ok", "b,c"])]
        writer.eventDidOccur(Sample.event("m", in: nil, origin: .guest, fields))
        #expect(recording.text.hasSuffix(#"• m  x_1_outcome=ok texts=["a\" outcome=ok","b,c"]"# + "\n"))
    }

    @Test("prints an event outside of any span at once")
    func loneEvent() {
        let writer = writer()
        writer.eventDidOccur(Sample.event("ready", in: nil, level: .debug, [Field("port", 80)]))
        #expect(recording.all == ["2026-11-22 10:39:29.123456 UTC  host   debug  • ready  port=80\n"])
    }

    @Test("a child of an unknown parent is a root of its own that says so")
    func localRoot() {
        let writer = writer()
        writer.spanDidStart(Sample.span(2, "child", parent: 9))
        writer.spanDidEnd(Sample.span(2, "child", parent: 9, to: 1_000))
        #expect(recording.lines[0].hasSuffix("1 span · below span 0000000000000009"))
    }

    @Test("a span that outlives its root is shown open, and its end is counted")
    func lateSpan() {
        let writer = writer()
        writer.spanDidStart(Sample.span(1, "root"))
        writer.spanDidStart(Sample.span(2, "detached", parent: 1))
        writer.spanDidEnd(Sample.span(1, "root", to: 10))
        writer.eventDidOccur(Sample.event("late", in: 2))
        writer.spanDidEnd(Sample.span(2, "detached", parent: 1, to: 20))
        #expect(recording.all.count == 1)
        #expect(recording.lines[2] == "        …         host   info   └─ detached  (still open)")
        #expect(writer.losses.spanCount == 1)
        #expect(writer.losses.eventCount == 1)
    }

    @Test("flush prints what is open, in the order of the roots")
    func flush() {
        let writer = writer()
        writer.spanDidStart(Sample.span(2, "second", from: 5))
        writer.spanDidStart(Sample.span(1, "first"))
        writer.flush()
        writer.flush()
        #expect(recording.all.count == 2)
        #expect(recording.all[0].contains("first  (still open)"))
        #expect(recording.all[1].contains("second  (still open)"))
    }

    @Test("colors only when asked, and takes every color back")
    func colors() {
        let colored = writer(isColored: true)
        colored.spanDidStart(Sample.span(1, "root"))
        colored.spanDidEnd(Sample.span(1, "root", to: 10, status: .error("x")))
        let escapes = recording.text.split(separator: "\u{1B}", omittingEmptySubsequences: false).dropFirst()
        #expect(!escapes.isEmpty)
        #expect(escapes.filter { $0.hasPrefix("[0m") }.count * 2 == escapes.count)
    }
}
