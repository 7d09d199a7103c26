// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Testing
import VitrineLogWriters
import VitrineObservability

@Suite("JSONLinesWriter")
struct JSONLinesWriterTests {
    private let lines = MemoryLines()

    private func objects() throws -> [[String: Any]] {
        try lines.calls.map {
            try #require(JSONSerialization.jsonObject(with: Data($0.bytes)) as? [String: Any])
        }
    }

    @Test("writes an event as one object")
    func event() {
        let writer = JSONLinesWriter(to: lines)
        let place = Metadata(name: "event", target: "sample", level: .warn, file: "Sample/File.swift", line: 12)
        writer.eventDidOccur(
            EventRecord(
                context: Sample.context(0x00f0_67aa_0ba9_02b7), metadata: place, origin: .guest, time: Sample.time(0),
                message: #"say "hi""#,
                fields: [
                    Field("count", -3), Field("high", UInt64.max), Field("ok", false), Field("ratio", 0.25),
                    Field("text", "a\tb"), Field("list", [1, -2]), Field("flags", [true]),
                    Field("names", ["a", "\"b"]),
                    Field("sizes", [0.5, .infinity]),
                ]))
        writer.eventDidOccur(Sample.event("plain", in: nil))
        #expect(
            lines.text == #"""
                {"time":"2026-11-22T10:39:29.123456Z","level":"warn","origin":"guest","target":"sample",\#
                "message":"say \"hi\"","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"00f067aa0ba902b7",\#
                "file":"Sample/File.swift","line":12,"fields":{"count":-3,"high":18446744073709551615,"ok":false,\#
                "ratio":0.25,"text":"a\tb","list":[1,-2],"flags":[true],"names":["a","\"b"],"sizes":[0.5,"Infinity"]}}
                {"time":"2026-11-22T10:39:29.123456Z","level":"info","origin":"host","target":"sample","message":"plain"}

                """#)
    }

    @Test("writes a span at its end, and at its start when asked")
    func span() {
        let writer = JSONLinesWriter(to: lines, spans: .startsAndEnds)
        writer.spanDidStart(Sample.span(2, "request", parent: 1))
        writer.spanDidEnd(Sample.span(2, "request", parent: 1, to: 1_500_000, [Field("n", 1)], status: .error("no")))
        writer.spanDidEnd(Sample.span(3, "fine", to: 1, status: .ok))
        let identity = #""trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"#
        let head = #","level":"info","origin":"host","target":"sample","span":"#
        #expect(
            lines.text == #"""
                {"time":"2026-11-22T10:39:29.123456Z"\#(head)"request",\#(identity)"0000000000000002",\#
                "parent_span_id":"0000000000000001","phase":"start"}
                {"time":"2026-11-22T10:39:29.124956Z"\#(head)"request",\#(identity)"0000000000000002",\#
                "parent_span_id":"0000000000000001","duration_ns":1500000,"status":"error","error":"no","fields":{"n":1}}
                {"time":"2026-11-22T10:39:29.123456Z"\#(head)"fine",\#(identity)"0000000000000003",\#
                "duration_ns":1,"status":"ok"}

                """#)
    }

    @Test("any text comes back as it was said")
    func texts() throws {
        let writer = JSONLinesWriter(to: lines, limits: LineLimits(nameByteCount: 4_096))
        var generator = SeededGenerator(state: 1)
        var texts = [HostileText.everything, "", "\u{0}", "🙂", "\u{10FFFF}"]
        for length in 0..<200 { texts.append(HostileText.random(scalarCount: length, using: &generator)) }
        for text in texts {
            writer.eventDidOccur(
                Sample.event(text, in: nil, [Field("text", text), Field("texts", [text, text]), Field(text + "!", 1)]))
        }
        let objects = try objects()
        #expect(objects.count == texts.count)
        for (object, text) in zip(objects, texts) {
            let fields = try #require(object["fields"] as? [String: Any])
            #expect(object["message"] as? String == text)
            #expect(fields["text"] as? String == text)
            #expect(fields["texts"] as? [String] == [text, text])
            #expect(fields[text + "!"] as? Int == 1)
        }
    }

    @Test("numbers that JSON does not have are texts, all others are exact")
    func numbers() throws {
        let doubles = [
            0, -0.0, 1.5, 1e300, .leastNonzeroMagnitude, -1e21, 0.1, 123_456_789.123, Double.greatestFiniteMagnitude,
        ]
        let writer = JSONLinesWriter(to: lines)
        writer.eventDidOccur(
            Sample.event(
                "numbers", in: nil,
                [
                    Field("doubles", doubles), Field("nan", Double.nan), Field("more", Double.infinity),
                    Field("less", -Double.infinity), Field("low", Int64.min), Field("high", UInt64.max),
                ]))
        let fields = try #require(try objects()[0]["fields"] as? [String: Any])
        #expect(fields["doubles"] as? [Double] == doubles)
        #expect(fields["nan"] as? String == "NaN")
        #expect(fields["more"] as? String == "Infinity")
        #expect(fields["less"] as? String == "-Infinity")
        #expect(fields["low"] as? Int64 == .min)
        #expect(fields["high"] as? UInt64 == .max)
    }

    @Test(
        "is whole and within its limits whatever is cut", arguments: [0, 1, 7, 100, 1_000, 100_000] as [Int]
    )
    func limits(_ textByteCount: Int) throws {
        let limits = LineLimits(
            lineByteCount: 2_048, messageByteCount: textByteCount, valueByteCount: textByteCount, nameByteCount: 20,
            fieldCount: 10)
        let writer = JSONLinesWriter(to: lines, limits: limits)
        var generator = SeededGenerator(state: 2)
        for scalarCount in [0, 5, 50, 500, 5_000] {
            let text = HostileText.random(scalarCount: scalarCount, using: &generator)
            let value = [Field(text, text), Field("list", [Int](0..<scalarCount)), Field("texts", [text, text])]
            writer.eventDidOccur(Sample.event(text, in: 1, value + value + value + value))
            writer.spanDidEnd(Sample.span(1, text, to: 5, value, status: .error(text)))
        }
        #expect(lines.calls.allSatisfy { $0.bytes.count <= 2_048 })
        let objects = try objects()
        #expect(objects.count == 10)
        #expect(objects[8]["cut"] as? Bool == true)
        let cutCount = objects.filter { $0["cut"] as? Bool == true }.count
        #expect(writer.losses.cutCount == cutCount)
        #expect(writer.losses.lineCount == 0)
    }

    @Test("what fits is not cut, one byte more is")
    func bound() throws {
        let writer = JSONLinesWriter(to: lines, limits: LineLimits(messageByteCount: 10))
        writer.eventDidOccur(Sample.event("1234567890", in: nil))
        writer.eventDidOccur(Sample.event("12345678901", in: nil))
        writer.eventDidOccur(Sample.event("12345678é", in: nil))
        writer.eventDidOccur(Sample.event("123456789é", in: nil))
        writer.eventDidOccur(Sample.event("123456789\n", in: nil))
        let messages = try objects().compactMap { $0["message"] as? String }
        #expect(messages == ["1234567890", "1234567890…", "12345678é", "123456789…", "123456789…"])
        #expect(writer.losses.cutCount == 3)
    }
}
