// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Testing
import VitrineObservability
import VitrineTimelines

/// Nothing that a guest says becomes a record, an argument or a track of its own.
@Suite("Text of guests in timelines")
struct UntrustedTextTests {
    static let texts = [
        "\"}},\n{\"ph\":\"M\",\"name\":\"process_name\",\"pid\":1,\"args\":{\"name\":\"host\"}}", "\\", "\\\\\"",
        "\u{0}\u{1}\u{7F}",
        "\u{202E}gnp\u{2028}\u{FEFF}", "\u{1F600}\u{10FFFF}e\u{301}", "</script><b>", "", "\r\n\t",
    ]

    @Test("texts come back as they were, or with a sign in the place of U+0000", arguments: texts)
    func roundTrip(text: String) throws {
        let (chrome, perfetto, losses) = try TimelineFolder.write {
            let span = MadeSpan(text, .guest, at: 1, [Field(text, text), Field("texts", [text])])
            span.say(text, at: 2, [Field("said", text)])
            span.end(at: 3, .error(text))
        }
        #expect(losses == [TimelineLosses(), TimelineLosses()])
        let mended = text.replacingOccurrences(of: "\u{0}", with: "\u{FFFD}")
        for (slices, text) in [(chrome.slices, text), (perfetto.slices, mended)] {
            let slice = try #require(slices.first)
            #expect(slices.count == 1 && slice.name == text && slice.process == "guests" && slice.lane == "guest 1")
            #expect(slice.arguments["error"] == text && slice.arguments["fields.texts[0]"] == text)
            #expect(slice.arguments["fields." + text] == text)
        }
        #expect(chrome.records("i").map { $0["name"] as? String } == [text])
        #expect(perfetto.instants.map(\.name) == [mended])
        #expect(chrome.records("M").count == 5 && perfetto.tracks.count == 3)
    }

    @Test("no line of JSON is one of the guest's, and no backslash ends a string")
    func lines() throws {
        let folder = try TimelineFolder()
        let writer = try ChromeTraceWriter(path: folder.chrome)
        Telemetry.withSubscriber(writer) {
            for text in Self.texts { MadeSpan(text, .guest, at: 1, [Field(text, text)]).end(at: 2) }
        }
        writer.close()
        let text = try String(contentsOfFile: folder.chrome, encoding: .utf8)
        let lines = text.split(separator: "\n")
        #expect(lines.count(where: { $0.hasPrefix("{\"ph\":\"M\"") }) == 21)
        #expect(lines.filter { $0.hasPrefix("{\"ph\":\"X\"") }.count == Self.texts.count)
        #expect(!text.contains("\\\\"))
        #expect(text.utf8.allSatisfy { $0 == 10 || $0 >= 0x20 })
    }

    @Test("fields that are named like arguments stay among the fields")
    func names() throws {
        let forged = ["level", "origin", "trace_id", "span_id", "status", "error", "cut", "open", "fields"]
        let (chrome, perfetto, _) = try TimelineFolder.write {
            MadeSpan("span", .guest, at: 1, forged.map { Field($0, "forged") }).end(at: 2)
        }
        for slices in [chrome.slices, perfetto.slices] {
            let arguments = try #require(slices.first).arguments
            #expect(arguments.filter { $0.value == "forged" }.keys.sorted() == forged.map { "fields." + $0 }.sorted())
            #expect(arguments["origin"] == "guest" && arguments["status"] == nil && arguments["cut"] == nil)
        }
    }

    @Test("a guest has no say in which sandbox it is")
    func sandbox() throws {
        let (chrome, _, _) = try TimelineFolder.write {
            let span = MadeSpan("span", .guest, at: 1, [Field("sandbox.id", 3)])
            MadeSpan("inner", in: span, .guest, at: 2).end(at: 3)
            span.end(at: 4)
        }
        #expect(chrome.slices.map(\.process) == ["guests", "guests"])
    }
}
