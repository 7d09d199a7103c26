// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Testing
import VitrineObservability
import VitrineTimelines

/// What goes beyond a limit is counted, and the rest can be read.
@Suite("Limits of timelines")
struct TimelineLimitsTests {
    @Test("a file grows to its size and no further, and each span is in it or counted")
    func fileSize() throws {
        let folder = try TimelineFolder()
        let limits = TimelineLimits(fileByteCount: 10_000)
        let chrome = try ChromeTraceWriter(path: folder.chrome, limits: limits)
        let perfetto = try PerfettoTraceWriter(path: folder.perfetto, limits: limits)
        Telemetry.withSubscriber(FanOut(chrome, perfetto)) {
            for number: UInt64 in 0..<200 { MadeSpan("span", at: 10 * number).end(at: 10 * number + 5) }
        }
        chrome.close()
        perfetto.close()
        let read = [try ChromeFile(path: folder.chrome).slices, try PerfettoFile(path: folder.perfetto).slices]
        for (slices, losses) in zip(read, [chrome.losses, perfetto.losses]) {
            #expect(slices.count > 20 && slices.count < 100)
            #expect(slices.count + losses.fileFullCount == 200 && losses.recordCount == losses.fileFullCount)
        }
        for path in [folder.chrome, folder.perfetto] {
            let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int
            #expect(try #require(size) <= 10_000)
        }
    }

    @Test("spans beyond the lanes are counted")
    func lanes() throws {
        let (chrome, perfetto, losses) = try TimelineFolder.write(limits: TimelineLimits(laneCount: 3)) {
            let spans = (0..<5).map { MadeSpan("span \($0)", at: UInt64($0)) }
            MadeSpan("child", in: spans[4], at: 8).end(at: 9)
            for span in spans { span.end(at: 10) }
        }
        #expect(losses.map(\.laneCount) == [3, 3] && losses.map(\.recordCount) == [3, 3])
        #expect(chrome.slices.map(\.lane) == ["host 1", "host 2", "host 3"])
        #expect(perfetto.slices.map(\.name) == ["span 0", "span 1", "span 2"])
    }

    @Test("spans beyond the lanes that never end are counted at the end")
    func openLanes() throws {
        let (chrome, perfetto, losses) = try TimelineFolder.write(limits: TimelineLimits(laneCount: 3)) {
            for number in 0..<5 { _ = MadeSpan("span \(number)", at: UInt64(number)) }
        }
        #expect(losses.map(\.laneCount) == [2, 2] && losses.map(\.recordCount) == [2, 2])
        #expect(chrome.slices.map(\.name) == ["span 0", "span 1", "span 2"])
        #expect(perfetto.slices.map(\.name) == ["span 0", "span 1", "span 2"])
    }

    @Test("spans whose start is not remembered are drawn where there is room")
    func openSpans() throws {
        let (chrome, perfetto, losses) = try TimelineFolder.write(limits: TimelineLimits(openSpanCount: 1)) {
            let root = MadeSpan("root", at: 0)
            let child = MadeSpan("child", in: root, at: 10)
            let inner = MadeSpan("inner", in: child, at: 20)
            inner.end(at: 30)
            child.end(at: 40)
            root.end(at: 50)
        }
        #expect(losses == [TimelineLosses(), TimelineLosses()])
        for slices in [chrome.slices, perfetto.slices] {
            let nested = try #require(Slice.nested(slices))
            #expect(nested.map(\.name) == ["root", "child", "inner"])
        }
    }

    @Test("sandboxes and counters beyond their limits share a process, or are counted")
    func guestsAndCounters() throws {
        let folder = try TimelineFolder()
        let writer = try ChromeTraceWriter(path: folder.chrome, limits: TimelineLimits(guestCount: 1, counterCount: 1))
        Telemetry.withSubscriber(writer) {
            for sandbox: UInt64 in 1...3 {
                let call = MadeSpan("call", at: 10 * sandbox, [Field("sandbox.id", .uint64(sandbox))])
                MadeSpan("request", in: call, .guest, at: 10 * sandbox + 1).end(at: 10 * sandbox + 2)
                call.end(at: 10 * sandbox + 3)
            }
        }
        let registry = MetricsRegistry()
        registry.counter("a_total", help: "A.").increment()
        registry.counter("b_total", help: "B.").increment()
        writer.record(registry.snapshot())
        writer.close()
        let file = try ChromeFile(path: folder.chrome)
        let guests = file.slices.filter { $0.name == "request" }.map(\.process)
        #expect(guests == ["guest of sandbox 1", "guests", "guests"])
        #expect(file.records("C").map { $0["name"] as? String } == ["a_total"])
        #expect(writer.losses.counterCount == 1 && writer.losses.recordCount == 1)
    }

    @Test("texts, fields, links and arrays are cut at their limits, say so and are counted")
    func texts() throws {
        let limits = TimelineLimits(nameByteCount: 16, valueByteCount: 32, fieldCount: 2, linkCount: 1)
        let long = String(repeating: "é", count: 100)
        let link = SpanLink(SpanContext(traceID: .random(), spanID: .random()))
        let steps: [() -> Void] = [
            { MadeSpan(long, at: 1).end(at: 2) },
            { MadeSpan("a", at: 1, [Field("key", long)]).end(at: 2) },
            { MadeSpan("a", at: 1, [Field(long, 1)]).end(at: 2) },
            { MadeSpan("a", at: 1, [Field("a", 1), Field("b", 2), Field("c", 3)]).end(at: 2) },
            { MadeSpan("a", at: 1, [Field("a", [Int](repeating: 7, count: 1_000))]).end(at: 2) },
            { MadeSpan("a", at: 1, [Field("a", [String](repeating: "", count: 1_000))]).end(at: 2) },
            { MadeSpan("a", at: 1, links: [link, link]).end(at: 2) },
            { MadeSpan("a", at: 1).end(at: 2, .error(long)) },
        ]
        for step in steps {
            let (chrome, perfetto, losses) = try TimelineFolder.write(limits: limits, step)
            #expect(losses.map(\.cutCount) == [1, 1])
            for slices in [chrome.slices, perfetto.slices] {
                let slice = try #require(slices.first)
                #expect(slice.arguments["cut"] == "true")
                #expect(slice.name.utf8.count <= 19 && slice.arguments.values.allSatisfy { $0.utf8.count <= 35 })
                #expect(slice.arguments.count < 60 && slice.arguments["fields.c"] == nil)
            }
        }
    }

    @Test("a record has no more bytes than its limit lets it have, and ends whole")
    func records() throws {
        let limits = TimelineLimits(recordByteCount: 4_096, valueByteCount: 4_096, fieldCount: 1_000)
        let fields = (0..<500).map { Field("key \($0)", String(repeating: "\u{0}", count: 1_000)) }
        let folder = try TimelineFolder()
        let writers = (
            try ChromeTraceWriter(path: folder.chrome, limits: limits),
            try PerfettoTraceWriter(path: folder.perfetto, limits: limits)
        )
        Telemetry.withSubscriber(FanOut(writers.0, writers.1)) { MadeSpan("span", at: 1, fields).end(at: 2) }
        writers.0.close()
        writers.1.close()
        #expect(writers.0.losses.cutCount == 1 && writers.1.losses.cutCount == 1)
        #expect(try ChromeFile(path: folder.chrome).slices.first?.arguments["cut"] == "true")
        #expect(try PerfettoFile(path: folder.perfetto).slices.first?.arguments["cut"] == "true")
        #expect(try Data(contentsOf: URL(filePath: folder.chrome)).count < 4_096 + 1_024)
        #expect(try Data(contentsOf: URL(filePath: folder.perfetto)).count < 4 * 4_096 + 1_024)
    }

    @Test("too much that waits for a span that began at the same time is counted")
    func held() throws {
        let text = String(repeating: "x", count: 4_000)
        let (chrome, perfetto, losses) = try TimelineFolder.write {
            let root = MadeSpan("root", at: 5)
            for _ in 0..<400 { root.say(text, at: 5) }
            root.end(at: 9)
        }
        #expect(chrome.records("i").count + losses[0].heldCount == 400 && losses[0].heldCount > 100)
        #expect(perfetto.instants.count + losses[1].heldCount == 400 && losses[1].heldCount > 100)
        #expect(chrome.slices.count == 1 && perfetto.slices.count == 1)
    }

    @Test("deep spans go on on other lanes")
    func depth() throws {
        let (chrome, perfetto, losses) = try TimelineFolder.write {
            var spans: [MadeSpan] = []
            for depth: UInt64 in 0..<600 { spans.append(MadeSpan("span", in: spans.last, at: depth)) }
            for span in spans.reversed() { span.end(at: 1_000) }
        }
        #expect(losses == [TimelineLosses(), TimelineLosses()])
        for slices in [chrome.slices, perfetto.slices] {
            let nested = try #require(Slice.nested(slices))
            #expect(nested.count == 600 && nested.map(\.depth).max() == 255)
            #expect(Set(nested.map(\.lane)).count == 3)
        }
    }
}
