// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Testing
import VitrineLogWriters
import VitrineObservability

@Suite("SyslogWriter")
struct SyslogWriterTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private var path: String { folder.path("syslog") }

    private func writer(limits: LineLimits = LineLimits(lineByteCount: 2_048)) throws -> SyslogWriter {
        try SyslogWriter(
            to: .unix(path: path), facility: .daemon, applicationName: "sample app", hostName: "host",
            spans: .startsAndEnds, limits: limits)
    }

    /// The next message that came, if it is one.
    private func parsed(_ server: DatagramServer?) throws -> ParsedSyslogMessage {
        let received = try #require(server?.receive())
        return try #require(ParsedSyslogMessage(received))
    }

    @Test("sends events and spans as messages of RFC 5424")
    func records() throws {
        let server = try DatagramServer.unix(path: path)
        let writer = try writer()
        let fields = [
            Field("path", #"a "b" [c] \d"#), Field("count", 3), Field("list", ["x", "y"]), Field("level", 1),
        ]
        writer.eventDidOccur(Sample.event("hello\nthere", in: 1, origin: .guest, level: .warn, fields))
        writer.spanDidStart(Sample.span(2, "request", parent: 1, level: .debug))
        writer.spanDidEnd(Sample.span(2, "request", parent: 1, level: .error, to: 1_500, status: .error("[no]")))
        let head = "1 2026-11-22T10:39:29.123456Z host sample_app \(getpid())"
        let identity = #"trace_id="4bf92f3577b34da6a3ce929d0e0e4736" span_id="#
        let expected = [
            #"<28>\#(head) event [vitrine@32473 level="warn" origin="guest" target="sample" \#(identity)"0000000000000001""#
                + #" path="a \"b\" [c\] \\\\d" count="3" list="[x,y\]" field.level="1"] hello\nthere"#,
            #"<31>\#(head) span [vitrine@32473 level="debug" origin="host" target="sample" \#(identity)"0000000000000002""#
                + #" parent_span_id="0000000000000001" phase="start"] request"#,
            #"<27>\#(head.replacing("123456", with: "123458")) span [vitrine@32473 level="error" origin="host" "#
                + #"target="sample" \#(identity)"0000000000000002" parent_span_id="0000000000000001" duration_ns="1500" "#
                + #"status="error" error="[no\]"] request"#,
        ]
        for message in expected {
            let received = try #require(server.receive())
            #expect(String(decoding: received, as: UTF8.self) == message)
            #expect(ParsedSyslogMessage(received) != nil)
        }
        #expect(writer.losses == LineLosses())
    }

    @Test("reaches a syslog over UDP")
    func udp() throws {
        let server = try DatagramServer.udp()
        let writer = try SyslogWriter(
            to: .udp(address: "127.0.0.1", port: server.port), applicationName: "", spans: .none)
        writer.spanDidEnd(Sample.span(1, "not sent", to: 1))
        writer.eventDidOccur(Sample.event("over the net", in: nil))
        let message = try parsed(server)
        #expect(message.priority == 8 + 6)
        #expect(message.applicationName == "-")
        #expect(message.message == "over the net")
        #expect(message.hostName != "-")
        #expect(message.parameters == ["level": "info", "origin": "host", "target": "sample"])
    }

    @Test("each level has its severity, in every facility")
    func priorities() throws {
        let server = try DatagramServer.unix(path: path)
        let levels: [(Level, Int)] = [(.error, 3), (.warn, 4), (.info, 6), (.debug, 7), (.trace, 7)]
        for (number, facility) in SyslogFacility.allCases.enumerated() {
            let writer = try SyslogWriter(to: .unix(path: path), facility: facility, applicationName: "a")
            for (level, severity) in levels {
                writer.eventDidOccur(Sample.event("m", in: nil, level: level))
                let message = try parsed(server)
                #expect(message.priority == 8 * number + severity)
            }
        }
    }

    @Test("no text ends a value, hides or controls anything")
    func hostile() throws {
        let server = try DatagramServer.unix(path: path)
        let writer = try writer()
        var generator = SeededGenerator(state: 7)
        var texts = [HostileText.everything, ""]
        for round in 0..<100 { texts.append(HostileText.random(scalarCount: round * round / 5, using: &generator)) }
        for text in texts {
            let fields = [Field("text", text), Field(text, text), Field("texts", [text])]
            writer.eventDidOccur(Sample.event(text, in: 1, origin: .guest, fields))
            writer.spanDidEnd(Sample.span(1, text, origin: .guest, to: 1, fields, status: .error(text)))
            for messageID in ["event", "span"] {
                let received = try #require(server.receive())
                #expect(received.count <= 2_048)
                #expect(HostileText.dangers(in: received + [0x0A]) == [])
                let message = try #require(ParsedSyslogMessage(received))
                #expect(message.messageID == messageID)
                #expect(message.parameters["origin"] == "guest")
                #expect(Set(message.names).count >= message.names.count - 1)
            }
        }
        let losses = writer.losses
        #expect(losses.lineCount == 0)
        #expect(losses.cutCount > 0)
    }

    @Test("a long message is cut at a character and marked; the fields leave room for it")
    func limits() throws {
        let server = try DatagramServer.unix(path: path)
        let writer = try writer()
        let long = String(repeating: "é", count: 5_000)
        writer.eventDidOccur(Sample.event(long, in: nil, [Field("text", long), Field("more", 1)]))
        let received = try #require(server.receive())
        #expect(received.count <= 2_048)
        let message = try #require(ParsedSyslogMessage(received))
        #expect(message.message.hasPrefix("ééééééé"))
        #expect(message.message.hasSuffix("é…"))
        #expect(message.parameters["text"]?.hasSuffix("é…") == true)
        #expect(message.parameters["cut"] == "true")
        #expect(message.message.utf8.count > 500)
        #expect(writer.losses.cutCount == 1)
    }

    @Test("a missing syslog is a counted loss, and one that comes back is found")
    func restart() throws {
        let writer = try writer()
        writer.eventDidOccur(Sample.event("nobody", in: nil))
        #expect(writer.losses.closedCount == 1)
        #expect(writer.losses.lastErrno == ENOENT)
        var server: DatagramServer? = try DatagramServer.unix(path: path)
        writer.eventDidOccur(Sample.event("first", in: nil))
        let first = try parsed(server).message
        #expect(first == "first")
        server = nil
        writer.eventDidOccur(Sample.event("between", in: nil))
        #expect(writer.losses.closedCount == 2)
        // SAFETY: the path is a C string for the call.
        try #require(unsafe unlink(path) == 0)
        server = try DatagramServer.unix(path: path)
        writer.eventDidOccur(Sample.event("second", in: nil))
        let second = try parsed(server).message
        #expect(second == "second")
        #expect(writer.losses.lineCount == 2)
    }

    @Test("does not wait for a syslog that does not read, and counts what finds no room")
    func fullSocket() throws {
        let server = try DatagramServer.unix(path: path)
        let writer = try writer()
        for _ in 0..<5_000 { writer.eventDidOccur(Sample.event("m", in: nil)) }
        let lost = writer.losses.busyCount
        #expect(lost > 0)
        #expect(lost < 5_000)
        for _ in 0..<5_000 - lost { _ = try #require(server.receive()) }
        writer.eventDidOccur(Sample.event("last", in: nil))
        let last = try parsed(server).message
        #expect(last == "last")
    }

    @Test("counts what a port without a syslog sends back")
    func refused() throws {
        let port: UInt16
        do { port = try DatagramServer.udp().port }
        let writer = try SyslogWriter(to: .udp(address: "127.0.0.1", port: port), applicationName: "a")
        for _ in 0..<50 where writer.losses.closedCount == 0 { writer.eventDidOccur(Sample.event("m", in: nil)) }
        #expect(writer.losses.closedCount > 0)
        #expect(writer.losses.lastErrno == ECONNREFUSED)
    }

    @Test("a destination that is none is an error")
    func destinations() throws {
        let bad: [(SyslogDestination, Int32)] = [
            (.unix(path: ""), EINVAL), (.unix(path: "a\0b"), EINVAL),
            (.unix(path: String(repeating: "a", count: 108)), ENAMETOOLONG),
            (.udp(address: "localhost", port: 514), EINVAL), (.udp(address: "1.2.3", port: 514), EINVAL),
            (.udp(address: "", port: 514), EINVAL), (.udp(address: "127.0.0.1\0", port: 514), EINVAL),
        ]
        for (destination, number) in bad {
            #expect(throws: LogSinkError(errno: number)) { try SyslogWriter(to: destination, applicationName: "a") }
        }
        _ = try SyslogWriter(to: .udp(address: "::1", port: 514), applicationName: "a")
        _ = try SyslogWriter(to: .unix(path: String(repeating: "a", count: 107)), applicationName: "a")
    }
}
