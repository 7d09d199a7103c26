// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineOTLP
import VitrineObservability

@testable import VitrineOTLPExport

@Suite("OTLP export, records in the intake")
struct IntakeRecordTests {
    private static let span = SpanRecord(
        context: Rig.context(1), parent: SpanID(rawValue: 7),
        metadata: Metadata(
            name: "a name that does not fit a few bytes", target: "elsewhere", level: .warn, kind: .span,
            file: "Elsewhere/File.swift", line: 12),
        origin: .guest, kind: .consumer, start: Timestamp(nanosecondsSinceEpoch: 5),
        end: Timestamp(nanosecondsSinceEpoch: 9),
        fields: [
            Field("bool", .bool(true)), Field("int", .int64(-1)), Field("unsigned", .uint64(.max)),
            Field("double", .double(0.5)), Field("text", .string(String(repeating: "ä", count: 40))),
            Field("bools", .bools([true, false])), Field("ints", .int64s([1, 2])), Field("doubles", .doubles([3])),
            Field("texts", .strings(["", "a text that does not fit a few bytes"])),
        ],
        links: [SpanLink(Rig.context(9), [Field("why", "tied")]), SpanLink(Rig.context(10))],
        status: .error("an error that does not fit a few bytes"))

    @Test("come out as they went in, those made elsewhere and those of call sites")
    func whole() throws {
        let intake = RecordIntake(byteCount: 0)
        var reader = IntakeReader(intake)
        let event = EventRecord(
            context: nil, metadata: Metadata(name: "told", target: "elsewhere", level: .error), origin: .guest,
            time: Timestamp(nanosecondsSinceEpoch: 3), message: "a message that does not fit a few bytes",
            fields: Self.span.fields)
        Self.span.withView { intake.end($0) }
        event.withView { intake.add($0) }
        let listener = Listener(intake)
        Telemetry.withSubscriber(listener) {
            withSpan("of a site", [Field("n", 1)]) { VitrineObservability.event("said", [Field("n", 2)]) }
        }
        var spans: [SpanRecord] = []
        var events: [EventRecord] = []
        #expect(
            reader.read { item in
                if case .span(let span) = item { spans.append(span) }
                if case .event(let event) = item { events.append(event) }
            })
        #expect(spans.first == Self.span)
        #expect(events.first == event)
        #expect(spans.last?.metadata.name == "of a site")
        #expect(spans.last?.metadata.target == "VitrineOTLPExportTests")
        #expect(spans.last?.fields == [Field("n", 1)])
        #expect(events.last?.message == "said")
        #expect(events.last?.context == spans.last?.context)
        #expect(spans.count == 2)
        #expect(events.count == 2)
        let isEmpty = !reader.read { _ in }
        #expect(isEmpty)
    }

    @Test("fill as many chunks as there are, and what finds no room is counted")
    func full() throws {
        let intake = RecordIntake(byteCount: 0)
        var reader = IntakeReader(intake)
        for round in 1...3 {
            let count = 10_000
            for number in 0..<count { Rig.event(number, in: nil).withView { intake.add($0) } }
            var numbers: [Int] = []
            var lostCount = 0
            _ = reader.read { item in
                if case .event(let event) = item {
                    numbers.append(Int(event.time.nanosecondsSinceEpoch - ManualClock.epoch))
                }
                if case .lost(.logByBytes, let more) = item { lostCount += more }
            }
            // 1 MiB of records of about 200 bytes; from the second time on the thread has one chunk begun.
            #expect(numbers == Array(0..<numbers.count), "round \(round)")
            #expect((3_000...9_000).contains(numbers.count))
            #expect(numbers.count + lostCount == count)
        }
    }

    @Test("that are large lie elsewhere, within a bound, which comes back")
    func large() throws {
        let intake = RecordIntake(byteCount: 0)
        var reader = IntakeReader(intake)
        let texts = [4_000, 5_000, 100_000, 1_000_000, 2_000_000]
        for _ in 1...3 {
            for (number, size) in texts.enumerated() {
                Rig.span(number, text: String(repeating: "x", count: size)).withView { intake.end($0) }
            }
            var sizes: [Int] = []
            var lostCount = 0
            _ = reader.read { item in
                if case .span(let span) = item, case .string(let text)? = span.fields.first?.value {
                    sizes.append(text.utf8.count)
                }
                if case .lost(.spanByBytes, let more) = item { lostCount += more }
            }
            // 1 MiB is what all large ones together may have: the fourth finds too little left, the fifth never fits.
            #expect(sizes == [4_000, 5_000, 100_000])
            #expect(lostCount == 2)
        }
        Rig.span(0, text: String(repeating: "x", count: 1_000_000)).withView { intake.end($0) }
        var isThere = false
        _ = reader.read { if case .span = $0 { isThere = true } }
        #expect(isThere)
    }

    @Test("are not looked at while the queue is full, and leave no more than the word that their span is over")
    func dropped() throws {
        let rig = try Rig([.down]) {
            $0.spans.recordCount = 4
            $0.logs.recordCount = 2
        }
        rig.addSpans(0..<4)
        rig.addLogs(0..<2)
        #expect(rig.spans.heldCount == 4)
        let pool = rig.pipeline.intake
        let before = ThreadLanes.lane(of: pool)?.committed ?? 0
        let large = Rig.span(9, text: String(repeating: "x", count: 10_000))
        for _ in 0..<10 { large.withView { rig.pipeline.intake.end($0) } }
        for number in 0..<10 { Rig.event(number, in: nil).withView { rig.pipeline.intake.add($0) } }
        let after = ThreadLanes.lane(of: pool)?.committed ?? 0
        #expect(after - before == 10 * UInt64(IntakeRecords.contextByteCount))
        #expect(rig.spans.droppedCounts == [.queueFull: 10])
        #expect(rig.logs.droppedCounts == [.queueFull: 10])
        rig.pipeline.want()
        rig.runAll()
        rig.addSpans(10..<11)
        #expect(rig.spans.heldCount == 1)
        #expect(rig.spans.sentCount == 4)
    }

    @Test("that are dropped at once let go of what was kept for their span")
    func droppedSpan() throws {
        let rig = try Rig {
            $0.spans.recordCount = 1
            $0.openSpans.spanCount = 1
        }
        rig.begin(Rig.context(1))
        rig.admit(Rig.event(1, in: Rig.context(1)))
        rig.addSpans(5..<6)
        rig.addSpans(1..<2)
        rig.begin(Rig.context(2))
        rig.admit(Rig.event(2, in: Rig.context(2)))
        rig.pipeline.want()
        rig.runAll()
        rig.addSpans(2..<3)
        rig.pipeline.want()
        rig.runAll()
        #expect(rig.sentSpans == [[5], [2]])
        #expect(rig.transport.requests.map { Rig.numbers("log", in: $0.body) } == [[], [2]])
        #expect(rig.logs == OTLPExportCounts())
    }
}

/// Hands on what it is lent.
private struct Listener: Subscriber {
    let intake: RecordIntake

    init(_ intake: RecordIntake) {
        self.intake = intake
    }

    var maximumLevel: Level { .trace }
    var needs: SubscriberNeeds { [.timestamps, .spanStarts] }
    func spanDidStart(_ span: borrowing SpanView) { intake.begin(span.context) }
    func spanDidEnd(_ span: borrowing SpanView) { intake.end(span) }
    func eventDidOccur(_ event: borrowing EventView) { intake.add(event) }
    func flush() {}
}
