// SPDX-License-Identifier: MIT OR Apache-2.0

import InMemoryLogging
import Logging
import Testing
import VitrineObservability
import VitrineSwiftLog

@Suite("Untrusted text on its way to swift-log")
struct UntrustedTextTests {
    private func written(_ record: EventRecord, escapesText: Bool = true) throws -> (InMemoryLogHandler.Entry, LogEvent)
    {
        var memory = InMemoryLogHandler()
        memory.logLevel = .trace
        let recording = RecordingLogHandler()
        let handlers: [any LogHandler] = [memory, recording]
        let logger = Logger(label: "x") { _ in MultiplexLogHandler(handlers) }
        SwiftLogSubscriber(logger, escapesText: escapesText).eventDidOccur(record)
        return (try #require(memory.entries.first), try #require(recording.store.events.first))
    }

    private func guestEvent(_ message: String, target: String = "guest", _ fields: [Field] = []) -> EventRecord {
        EventRecord(
            context: SpanContext(traceID: .random(), spanID: .random()),
            metadata: Metadata(name: "event", target: target, level: .info), origin: .guest,
            time: Timestamp(nanosecondsSinceEpoch: 77), message: message, fields: fields)
    }

    @Test("No text begins a line, moves a cursor or hides")
    func escaped() throws {
        let (entry, event) = try written(
            guestEvent(
                "ok\n2026 error: \u{1B}[31mforged", target: "a\r\nb",
                [Field("k\u{202E}", "v\u{2028}\\n"), Field("list", ["\u{0}", "é"])]))
        #expect(entry.message == #"ok\n2026 error: \u{1B}[31mforged"#)
        #expect(event.source == #"a\r\nb"#)
        #expect(entry.metadata[#"k\u{202E}"#] == .string(#"v\u{2028}\\n"#))
        #expect(entry.metadata["list"] == .array([.string(#"\0"#), "é"]))
    }

    @Test("A handler that escapes by itself gets the text as it is")
    func raw() throws {
        let (entry, _) = try written(guestEvent("a\nb", [Field("k", "c\nd")]), escapesText: false)
        #expect(entry.message == "a\nb")
        #expect(entry.metadata["k"] == "c\nd")
    }

    @Test("A guest is named, with its own time, and cannot take the place of what is known of it")
    func forgedIdentity() throws {
        let record = guestEvent(
            "m",
            [
                Field("trace_id", "forged"), Field("span_id", "forged"), Field("origin", "host"),
                Field("time_unix_nano", "forged"), Field("event.name", "forged"),
            ])
        let (entry, _) = try written(record)
        #expect(
            entry.metadata == [
                "trace_id": .string(try #require(record.context).traceID.description),
                "span_id": .string(try #require(record.context).spanID.description), "origin": "guest",
                "time_unix_nano": .stringConvertible(77),
            ])
    }

    @Test("A guest cannot raise its level or change its source by a field")
    func forgedLevel() throws {
        let (entry, event) = try written(
            guestEvent(
                "m", [Field("log.level", "notice"), Field("log.source", "host"), Field("code.function.name", "main()")])
        )
        #expect(entry.level == .info)
        #expect(event.source == "guest")
        #expect(event.function == "")
        #expect(entry.metadata["log.level"] == "notice")
    }

    @Test(
        "A field names a level only where it can have been lost",
        arguments: [
            (Level.info, "notice", Logger.Level.notice), (.error, "critical", .critical), (.info, "critical", .info),
            (.debug, "notice", .debug), (.info, "error", .info), (.info, "nonsense", .info),
        ])
    func restoredLevel(_ level: Level, _ name: String, _ written: Logger.Level) throws {
        let (entry, _) = try self.written(
            EventRecord(
                context: nil, metadata: Metadata(name: "event", target: "t", level: level), time: .now, message: "m",
                fields: [Field("log.level", name)]))
        #expect(entry.level == written)
    }
}
