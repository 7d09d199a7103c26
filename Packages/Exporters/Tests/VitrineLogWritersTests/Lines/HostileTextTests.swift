// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineLogWriters
import VitrineObservability

@Suite("Hostile text in lines")
struct HostileTextTests {
    enum Kind: CaseIterable {
        case compact
        case full
        case json
        case logfmt

        func writer(to sink: MemoryLines, limits: LineLimits = LineLimits()) -> any Subscriber {
            switch self {
            case .compact: LineWriter(to: sink, spans: .startsAndEnds, limits: limits)
            case .full: LineWriter(to: sink, format: .full, spans: .startsAndEnds, limits: limits)
            case .json: JSONLinesWriter(to: sink, spans: .startsAndEnds, limits: limits)
            case .logfmt: LogfmtWriter(to: sink, spans: .startsAndEnds, limits: limits)
            }
        }
    }

    /// Says a text in every place where a guest may.
    private func say(_ text: String, to writer: any Subscriber) {
        let fields = [Field(text, text), Field("texts", [text, text])]
        let place = Metadata(name: text, target: text, level: .info, file: text, line: 1)
        writer.eventDidOccur(
            EventRecord(
                context: Sample.context(1), metadata: place, origin: .guest, time: Sample.time(0), message: text,
                fields: fields))
        let span = SpanRecord(
            context: Sample.context(1), parent: nil, metadata: place, origin: .guest, start: Sample.time(0),
            end: Sample.time(1), fields: fields, status: .error(text))
        writer.spanDidStart(span)
        writer.spanDidEnd(span)
    }

    @Test("makes no line, no terminal sequence and nothing hidden", arguments: Kind.allCases)
    func everything(_ kind: Kind) {
        let lines = MemoryLines()
        say(HostileText.everything, to: kind.writer(to: lines))
        #expect(lines.calls.count == 3)
        for call in lines.calls { #expect(HostileText.dangers(in: call.bytes) == []) }
        let escape = kind == .json || kind == .logfmt ? #"\u001b[2J\r\n10:39:29.123"# : #"\u{1b}[2J\r\n10:39:29.123"#
        #expect(lines.text.contains(escape))
    }

    @Test("is seen for what it is in tests, too")
    func dangers() {
        #expect(HostileText.dangers(in: Array("fine\n".utf8)) == [])
        for text in ["a\nb\n", "\u{1B}\n", "\u{202E}\n", "\u{9B}\n", "no end", "\u{0}\n", "\u{7F}\n"] {
            #expect(HostileText.dangers(in: Array(text.utf8)).count == 1)
        }
        #expect(HostileText.dangers(in: [0xFF, 0x0A]) == ["not UTF-8"])
    }

    @Test("of any kind and length stays in its line", arguments: Kind.allCases)
    func random(_ kind: Kind) {
        let lines = MemoryLines()
        let writer = kind.writer(to: lines, limits: LineLimits(lineByteCount: 3_000, valueByteCount: 333))
        var generator = SeededGenerator(state: 3)
        for round in 0..<150 {
            say(HostileText.random(scalarCount: round * round / 20, using: &generator), to: writer)
        }
        #expect(lines.calls.count == 450)
        for call in lines.calls {
            #expect(HostileText.dangers(in: call.bytes) == [])
            #expect(call.bytes.count <= 3_000)
        }
    }

    @Test("of a megabyte is cut to the limits, marked and counted", arguments: Kind.allCases)
    func megabyte(_ kind: Kind) {
        let lines = MemoryLines()
        let writer = kind.writer(to: lines)
        for text in ["a", "\u{1B}", "é", "🙂", "\""] {
            say(String(repeating: text, count: 1 << 20), to: writer)
        }
        #expect(lines.calls.count == 15)
        for call in lines.calls {
            #expect(call.bytes.count <= LineLimits().lineByteCount)
            #expect(HostileText.dangers(in: call.bytes) == [])
            #expect(String(decoding: call.bytes, as: UTF8.self).contains("…"))
        }
    }

    @Test("many fields are cut to the limits", arguments: Kind.allCases)
    func fields(_ kind: Kind) {
        let lines = MemoryLines()
        let writer = kind.writer(to: lines, limits: LineLimits(lineByteCount: 1, fieldCount: 1_000_000))
        let fields = (0..<10_000).map { Field("k\($0)", UInt64.max) }
        writer.eventDidOccur(Sample.event("m", in: 1, fields))
        writer.eventDidOccur(Sample.event("m", in: 1, [Field("k", [Int64](repeating: .min, count: 10_000))]))
        for call in lines.calls {
            #expect(call.bytes.count <= LineLimits.minimumLineByteCount)
            #expect(HostileText.dangers(in: call.bytes) == [])
        }
    }

    @Test("no key becomes one of the writer's by what is mended in it", arguments: HostileText.ownKeys)
    func mendedKeys(_ own: String) throws {
        let folder = try TemporaryFolder()
        let server = try DatagramServer.unix(path: folder.path("syslog"))
        let syslog = try SyslogWriter(to: .unix(path: folder.path("syslog")), applicationName: "a", hostName: "h")
        let lines = MemoryLines()
        for key in HostileText.keysMended(to: own) {
            let record = Sample.event("m", in: 1, origin: .guest, [Field(key, "forged")])
            LogfmtWriter(to: lines).eventDidOccur(record)
            #expect(
                lines.calls.last.map { String(decoding: $0.bytes, as: UTF8.self).hasSuffix(" field.\(own)=forged\n") }
                    == true)
            syslog.eventDidOccur(record)
            let message = try #require(server.receive().flatMap(ParsedSyslogMessage.init))
            #expect(message.parameters["field.\(own)"] == "forged")
            #expect(message.names.count { $0 == own } == (message.parameters[own] == nil ? 0 : 1))
            #expect(message.parameters[own] != "forged")
        }
    }

    @Test("no key becomes one of the writer's by being cut", arguments: HostileText.ownKeys)
    func cutKeys(_ own: String) throws {
        let folder = try TemporaryFolder()
        let server = try DatagramServer.unix(path: folder.path("syslog"))
        let limits = LineLimits(nameByteCount: own.utf8.count)
        let syslog = try SyslogWriter(
            to: .unix(path: folder.path("syslog")), applicationName: "a", hostName: "h", limits: limits)
        let lines = MemoryLines()
        let record = Sample.event("m", in: 1, origin: .guest, [Field(own + "x", "forged")])
        LogfmtWriter(to: lines, limits: limits).eventDidOccur(record)
        #expect(lines.text.hasSuffix(" field.\(own)=forged cut=true\n"))
        syslog.eventDidOccur(record)
        let message = try #require(server.receive().flatMap(ParsedSyslogMessage.init))
        #expect(message.parameters["field.\(own)"] == "forged")
        #expect(message.parameters[own] != "forged")
    }
}
