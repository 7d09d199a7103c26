// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineLogWriters
import VitrineObservability

@Suite("LineWriter")
struct LineWriterTests {
    private let lines = MemoryLines()

    private func record(_ message: String, _ fields: [Field], in span: UInt64? = nil, origin: SpanOrigin = .host)
        -> EventRecord
    {
        EventRecord(
            context: span.map(Sample.context),
            metadata: Metadata(name: "event", target: "sample", level: .warn, file: "Sample/File.swift", line: 12),
            origin: origin, time: Sample.time(0), message: message, fields: fields)
    }

    private static let fields = [
        Field("count", 3), Field("low", Int64.min), Field("high", UInt64.max), Field("ok", true), Field("ratio", 0.25),
        Field("path", "/a b"), Field("empty", ""), Field("word", "plain"),
        Field("list", [1, -2]), Field("flags", [true, false]), Field("names", ["a", "b c"]), Field("sizes", [0.5]),
    ]
    private static let fieldText =
        #"count=3 low=-9223372036854775808 high=18446744073709551615 ok=true ratio=0.25 path="/a b" empty="" word=plain "#
        + #"list=[1,-2] flags=[true,false] names="[a,b c]" sizes=[0.5]"#

    @Test("writes an event as one compact line")
    func compactEvent() {
        let writer = LineWriter(to: lines)
        writer.eventDidOccur(record("careful now", Self.fields))
        writer.eventDidOccur(record("", [], in: 0x00f0_67aa_0ba9_02b7, origin: .guest))
        #expect(
            lines.text == """
                10:39:29.123 WARN  sample: careful now \(Self.fieldText)
                10:39:29.123 WARN  guest [00f067aa] sample:\u{20}

                """)
        #expect(lines.calls.map(\.level) == [.warn, .warn])
    }

    @Test("writes an event as one full line")
    func fullEvent() {
        let writer = LineWriter(to: lines, format: .full)
        writer.eventDidOccur(record("careful now", Self.fields))
        writer.eventDidOccur(record("hm", [], in: 0x00f0_67aa_0ba9_02b7, origin: .guest))
        writer.eventDidOccur(Sample.event("unplaced", in: nil))
        #expect(
            lines.text == """
                2026-11-22T10:39:29.123456Z WARN  host  sample: careful now \(Self.fieldText) at Sample/File.swift:12
                2026-11-22T10:39:29.123456Z WARN  guest sample{trace_id=4bf92f3577b34da6a3ce929d0e0e4736 \
                span_id=00f067aa0ba902b7}: hm at Sample/File.swift:12
                2026-11-22T10:39:29.123456Z INFO  host  sample: unplaced

                """)
    }

    @Test("writes a span at its end, with duration, status and fields")
    func spanEnds() {
        let writer = LineWriter(to: lines)
        writer.spanDidStart(Sample.span(1, "request"))
        let failed = SpanStatus.error("no such file")
        writer.spanDidEnd(Sample.span(1, "request", to: 1_234_567, [Field("path", "/")], status: failed))
        writer.spanDidEnd(Sample.span(2, "quick", level: .trace, to: 999, status: .ok))
        writer.spanDidEnd(Sample.span(3, "mute", origin: .guest, level: .error, to: 0, status: .error("")))
        #expect(
            lines.text == """
                10:39:29.124 INFO  [00000000] sample: <- request 1.23 ms failed: no such file path=/
                10:39:29.123 TRACE [00000000] sample: <- quick 999 ns ok
                10:39:29.123 ERROR guest [00000000] sample: <- mute 0 ns failed

                """)
        #expect(writer.needs == [.timestamps])
    }

    @Test("writes the starts of spans when asked, or nothing of spans")
    func spanLines() {
        let chatty = LineWriter(to: lines, spans: .startsAndEnds)
        #expect(chatty.needs == [.timestamps, .spanStarts])
        chatty.spanDidStart(Sample.span(1, "request", level: .debug, [Field("path", "/")]))
        let terse = LineWriter(to: lines, spans: .none)
        terse.spanDidStart(Sample.span(1, "request"))
        terse.spanDidEnd(Sample.span(1, "request", to: 1))
        #expect(lines.text == "10:39:29.123 DEBUG [00000000] sample: -> request path=/\n")
    }

    @Test("colors only when asked, and takes every color back")
    func colors() {
        let writer = LineWriter(to: lines, isColored: true)
        writer.eventDidOccur(Sample.event("hello", in: nil, origin: .guest, [Field("count", 3)]))
        #expect(
            lines.text
                == "\u{1B}[2m10:39:29.123\u{1B}[0m \u{1B}[32mINFO  \u{1B}[0m\u{1B}[36mguest\u{1B}[0m sample: hello "
                + "\u{1B}[2mcount=\u{1B}[0m3\n")
    }

    @Test("is a subscriber of the process: current span, module and line are there")
    func subscriber() {
        let writer = LineWriter(to: lines, format: .full, maximumLevel: .info)
        Telemetry.withSubscriber(writer) {
            withSpan("outer") {
                event("in it", [Field("count", 3)])
                event("too much", level: .debug)
            }
        }
        let written = lines.text.split(separator: "\n")
        #expect(written.count == 2)
        #expect(written[0].contains(" INFO  host  VitrineLogWritersTests{trace_id="))
        #expect(written[0].contains("}: in it count=3 at VitrineLogWritersTests/LineWriterTests.swift:"))
        #expect(written[1].contains("}: <- outer "))
    }

    @Test("is a log, with the spans that the core makes records of")
    func log() {
        let writer = LineWriter(to: lines)
        let record = Sample.event("-> request", in: nil)
        record.withView { writer.log($0) }
        writer.flush()
        #expect(lines.text == "10:39:29.123 INFO  sample: -> request\n")
        #expect(lines.flushCount == 1)
    }

    @Test("a writer that is called by a sink of another writer has a line of its own")
    func nested() {
        final class Relay: LineSink {
            let inner: LineWriter
            let lines: MemoryLines
            init(_ lines: MemoryLines) {
                inner = LineWriter(to: lines)
                self.lines = lines
            }
            func write(_ bytes: Swift.Span<UInt8>, level: Level) {
                inner.eventDidOccur(Sample.event("inner", in: nil))
                lines.write(bytes, level: level)
            }
            func flush() {}
            var losses: LineLosses { LineLosses() }
        }
        let writer = LineWriter(to: Relay(lines))
        writer.eventDidOccur(Sample.event("outer", in: nil))
        #expect(lines.text == "10:39:29.123 INFO  sample: inner\n10:39:29.123 INFO  sample: outer\n")
    }
}
