// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import Testing
import VitrineObservability
import VitrineTimelines

/// Both formats, read back, have what was emitted.
@Suite("Values in timelines")
struct TimelineValueTests {
    @Test("a span has its times to the nanosecond, its identity, its place, its fields and how it ended")
    func span() throws {
        var made: MadeSpan?
        let (chrome, perfetto, losses) = try TimelineFolder.write {
            let root = MadeSpan("root", at: 1)
            let span = MadeSpan(
                "child", in: root, at: 123_456_789,
                [Field("minutes", 4), Field("half", 0.5), Field("is", true), Field("text", "é\"x\"")],
                kind: .client, links: [SpanLink(root.record.context, [Field("why", "batch")])], level: .debug)
            span.end(at: 123_460_001, .error("burnt"))
            root.end(at: 200_000_000, .ok)
            made = span
        }
        #expect(losses == [TimelineLosses(), TimelineLosses()])
        let record = try #require(made?.record)
        for slices in [chrome.slices, perfetto.slices] {
            let child = try #require(slices.first { $0.name == "child" })
            #expect(child.start == 123_456_789 && child.end == 123_460_001)
            #expect(child.category == "test.host" && child.process == "host" && child.lane == "host 1")
            #expect(
                child.arguments == [
                    "level": "debug", "origin": "host", "trace_id": "\(record.context.traceID)",
                    "span_id": "\(record.context.spanID)", "parent_span_id": record.parent.map { "\($0)" } ?? "",
                    "kind": "client", "status": "error", "error": "burnt", "file": "A/B.swift", "line": "7",
                    "fields.minutes": "4", "fields.half": "0.5", "fields.is": "true", "fields.text": "é\"x\"",
                    "links[0].trace_id": "\(record.context.traceID)",
                    "links[0].span_id": record.parent.map { "\($0)" } ?? "", "links[0].fields.why": "batch",
                ])
            let root = try #require(slices.first { $0.name == "root" })
            #expect(root.arguments["status"] == "ok" && root.arguments["kind"] == nil)
        }
    }

    @Test("values of all kinds keep them, integers that a reader would round are texts")
    func values() throws {
        let (chrome, perfetto, _) = try TimelineFolder.write {
            MadeSpan(
                "span", at: 1,
                [
                    Field("low", .int64(.min)), Field("high", .uint64(.max)),
                    Field("exact", .int64(-9_007_199_254_740_992)),
                    Field("nan", .double(.nan)), Field("more", .double(.infinity)),
                    Field("bools", .bools([true, false])),
                    Field("ints", .int64s([1, -2])), Field("doubles", .doubles([0.25])),
                    Field("texts", .strings(["a", "b,\"c\""])), Field("none", .strings([])),
                ]
            ).end(at: 2)
        }
        for slices in [chrome.slices, perfetto.slices] {
            let arguments = try #require(slices.first).arguments
            #expect(arguments["fields.low"] == "-9223372036854775808")
            #expect(arguments["fields.high"] == "18446744073709551615")
            #expect(arguments["fields.exact"] == "-9007199254740992")
            #expect(arguments["fields.bools[0]"] == "true" && arguments["fields.bools[1]"] == "false")
            #expect(arguments["fields.ints[0]"] == "1" && arguments["fields.ints[1]"] == "-2")
            #expect(arguments["fields.doubles[0]"] == "0.25")
            #expect(arguments["fields.texts[0]"] == "a" && arguments["fields.texts[1]"] == "b,\"c\"")
            #expect(arguments["fields.none[0]"] == nil)
        }
        #expect(chrome.slices[0].arguments["fields.nan"] == "NaN")
        #expect(chrome.slices[0].arguments["fields.more"] == "Infinity")
        #expect(perfetto.slices[0].arguments["fields.more"] == "inf")
    }

    @Test("an event is an instant on the lane of its span, or outside of all")
    func events() throws {
        let (chrome, perfetto, _) = try TimelineFolder.write {
            let span = MadeSpan("span", at: 10)
            span.say("boiling", at: 15, [Field("degrees", 100)])
            span.end(at: 20)
            Telemetry.emit(
                EventRecord(
                    context: nil, metadata: Metadata(name: "event", target: "t", level: .error), origin: .guest,
                    time: MadeSpan.time(30), message: "alone"))
        }
        let instants = chrome.records("i")
        #expect(instants.map { $0["name"] as? String } == ["boiling", "alone"])
        #expect(instants.map(chrome.time) == [15, 30])
        #expect(instants.map(chrome.lane) == ["host 1", "events"])
        #expect(instants.map(chrome.process) == ["host", "guests"])
        #expect(ChromeFile.flat(instants[0]["args"] ?? [:])["fields.degrees"] == "100")
        #expect(ChromeFile.flat(instants[0]["args"] ?? [:])["level"] == "warn")
        #expect(perfetto.instants.map(\.name) == ["boiling", "alone"])
        #expect(perfetto.instants.map(\.start) == [15, 30])
        #expect(perfetto.instants.map(\.lane) == ["host 1", "events"])
        #expect(perfetto.instants[0].arguments["fields.degrees"] == "100")
        #expect(perfetto.instants[1].arguments["origin"] == "guest")
    }

    @Test("the guest of each sandbox is a process, with arrows across the boundary")
    func guests() throws {
        let (chrome, perfetto, _) = try TimelineFolder.write {
            for sandbox: UInt64 in [7, 8] {
                let call = MadeSpan("call", at: sandbox * 1_000, [Field("sandbox.id", .uint64(sandbox))])
                let guest = MadeSpan("request", in: call, .guest, at: sandbox * 1_000 + 10, [Field("sandbox.id", 99)])
                let out = MadeSpan("call-to-host", in: guest, at: sandbox * 1_000 + 20)
                out.end(at: sandbox * 1_000 + 30)
                guest.end(at: sandbox * 1_000 + 40)
                call.end(at: sandbox * 1_000 + 50)
            }
        }
        for slices in [chrome.slices, perfetto.slices] {
            let nested = try #require(Slice.nested(slices))
            #expect(nested.map(\.name) == ["call", "request", "call-to-host", "call", "request", "call-to-host"])
            #expect(nested.map(\.depth) == [0, 0, 1, 0, 0, 1])
            #expect(
                nested.map(\.process) == ["host", "guest of sandbox 7", "host", "host", "guest of sandbox 8", "host"])
        }
        let arrows = (chrome.records("s") + chrome.records("f")).compactMap { $0["id"] as? String }
        #expect(arrows.count == 8 && Set(arrows).count == 4)
        #expect(perfetto.flows.flatMap(\.from).sorted() == perfetto.flows.flatMap(\.to).sorted())
        #expect(perfetto.flows.flatMap(\.from).count == 4)
        #expect(Set(perfetto.tracks.values.map(\.pid)).subtracting([0]).count == 3)
    }

    @Test("metrics are counter tracks of the host")
    func counters() throws {
        let folder = try TimelineFolder()
        let chrome = try ChromeTraceWriter(path: folder.chrome)
        let perfetto = try PerfettoTraceWriter(path: folder.perfetto)
        let registry = MetricsRegistry()
        let meals = registry.counter("meals_total", help: "Meals.", labels: [("kind", "a\"b")])
        registry.gauge("heap_bytes", unit: .bytes, help: "Heap.").set(0.5)
        registry.gauge("broken", help: "Not a number.").set(.nan)
        registry.upDownCounter("open", help: "Open.").add(-3)
        let durations = registry.histogram("call_seconds", unit: .seconds, help: "Calls.")
        for step: UInt64 in 1...2 {
            meals.increment(by: step)
            durations.record(0.25)
            chrome.record(registry.snapshot(), at: MadeSpan.time(step))
            perfetto.record(registry.snapshot(), at: MadeSpan.time(step))
        }
        chrome.close()
        perfetto.close()
        let wanted = [
            "call_seconds_count 1 1.0", "call_seconds_count 2 2.0", "call_seconds_sum 1 0.25", "call_seconds_sum 2 0.5",
            "heap_bytes 1 0.5", "heap_bytes 2 0.5", "meals_total{kind=\"a\"b\"} 1 1.0",
            "meals_total{kind=\"a\"b\"} 2 3.0",
            "open 1 -3.0", "open 2 -3.0",
        ]
        let file = try ChromeFile(path: folder.chrome)
        let values = file.records("C").map { record in
            let value = (record["args"] as? [String: Any])?["value"] as? Double ?? .nan
            return "\(record["name"] as? String ?? "") \(file.time(record)) \(value)"
        }
        #expect(values.sorted() == wanted)
        let packets = try PerfettoFile(path: folder.perfetto)
        #expect(packets.values.map { "\($0.track) \($0.time) \($0.value)" }.sorted() == wanted)
        let units = packets.tracks.values.filter { !$0.unit.isEmpty }.map { "\($0.name) \($0.unit)" }
        #expect(units.contains("heap_bytes 3") && units.contains("call_seconds_sum s"))
        #expect(packets.tracks.values.filter { $0.name == "open" }.map(\.process) == ["host"])
    }

    @Test("times before the first midnight and the clocks of the file")
    func clocks() throws {
        let (chrome, perfetto, _) = try TimelineFolder.write {
            var early = MadeSpan("early", at: 0, isTold: false)
            early.record = SpanRecord(
                context: early.record.context, parent: nil, metadata: early.record.metadata,
                start: Timestamp(nanosecondsSinceEpoch: 1_500), end: nil)
            Telemetry.spanDidStart(early.record)
            early.record.end = Timestamp(nanosecondsSinceEpoch: 2_750)
            Telemetry.spanDidEnd(early.record)
        }
        let slice = try #require(chrome.slices.first)
        // What a reader that keeps `Double` loses this far from midnight is less than a microsecond.
        #expect(abs(slice.start + Int64(MadeSpan.base) - 1_500) < 1_000)
        #expect(try #require(chrome.records("X").first?["dur"] as? Double) == 1.25)
        #expect(perfetto.slices.map { $0.start + Int64(MadeSpan.base) } == [1_500])
        #expect(perfetto.eventClocks == [1] && perfetto.traceClock == 1)
        #expect(Set(perfetto.clocks.keys) == [1, 3, 6])
        #expect(try #require(perfetto.clocks[1]) > 1_700_000_000_000_000_000)
        let monotonic = try #require(perfetto.clocks[3])
        #expect(try #require(perfetto.clocks[6]) >= monotonic)
        #expect(perfetto.sequences.count == 1 && !perfetto.sequences.contains(0))
    }
}
