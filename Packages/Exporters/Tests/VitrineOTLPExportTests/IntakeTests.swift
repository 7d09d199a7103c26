// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Synchronization
import Testing
import VitrineOTLP
import VitrineObservability

@testable import VitrineOTLPExport

@Suite("OTLP export, intake")
struct IntakeTests {
    @Test("counts every span of eight threads, sends none twice and none that was dropped")
    func eightThreads() throws {
        let transport = ScriptedTransport { usleep(500) }
        var configuration = OTLPExportConfiguration()
        configuration.spans.recordCount = 64
        configuration.spans.batchRecordCount = 16
        let exporter = try OTLPExporter(
            resource: OTLPResource(serviceName: "test"), transport: transport, configuration: configuration)
        let (threadCount, spanCount) = (8, 50_000)
        TestThreads.run(threadCount) { thread in
            let metadata = Metadata(name: "span", target: "test", level: .info, kind: .span)
            for number in thread * spanCount..<(thread + 1) * spanCount {
                let span = SpanRecord(
                    context: Rig.context(number), parent: nil, metadata: metadata,
                    start: Timestamp(nanosecondsSinceEpoch: 1), end: Timestamp(nanosecondsSinceEpoch: 2),
                    fields: [Field("number", "span<\(number)>")])
                exporter.spanDidStart(span)
                exporter.spanDidEnd(span)
            }
        }
        let report = exporter.shutdown(withinMilliseconds: 600_000)
        #expect(report.unsentSpanCount == 0)
        #expect(report.spans.heldCount == 0)
        #expect(report.spans.heldByteCount == 0)
        #expect(report.spans.sentCount + report.spans.droppedCount == threadCount * spanCount)
        #expect(report.spans.droppedCounts[.queueFull] ?? 0 > 0)
        let sent = transport.requests.flatMap { Rig.numbers("span", in: $0.body) }
        #expect(sent.count == report.spans.sentCount)
        #expect(Set(sent).count == sent.count)
        #expect(exporter.droppedEventCount == 0)
    }

    @Test("wakes who fills the queues while these have room for as much again", arguments: [2_048, 512])
    func wakes(recordCount: Int) throws {
        for isLogs in [false, true] {
            let rig = try Rig {
                $0.spans.recordCount = recordCount
                $0.logs.recordCount = recordCount
                $0.spans.batchRecordCount = 512
                $0.logs.batchRecordCount = 512
            }
            let intake = rig.pipeline.intake
            let before = intake.news.count
            var count = 0
            while intake.news.count == before, count < 100_000 {
                if isLogs {
                    Rig.event(count, in: nil).withView { intake.add($0) }
                } else {
                    Rig.span(count).withView { intake.begin($0.context) }
                    Rig.span(count).withView { intake.end($0) }
                }
                count += 1
            }
            #expect(count <= recordCount / 2)
            rig.pipeline.takeIn()
            #expect((isLogs ? rig.logs : rig.spans).heldCount == count)
        }
    }

    @Test("finds the events of spans that begin on one thread and end on another, while it reads")
    func order() throws {
        let rig = try Rig {
            $0.spans.recordCount = 10_000
            $0.spans.batchRecordCount = 10_000
        }
        let isOver = Atomic<Bool>(false)
        let turn = Atomic<Int>(0)
        let count = 200
        TestThreads.run(4) { thread in
            if thread == 3 {
                while !isOver.load(ordering: .acquiring) { rig.pipeline.takeIn() }
                return
            }
            // One begins the span, the next one says something in it, the last one ends it.
            for number in 0..<count {
                while turn.load(ordering: .acquiring) != 3 * number + thread { sched_yield() }
                switch thread {
                case 0: Rig.span(number).withView { rig.pipeline.intake.begin($0.context) }
                case 1: Rig.event(number, in: Rig.context(number)).withView { rig.pipeline.intake.add($0) }
                default: Rig.span(number).withView { rig.pipeline.intake.end($0) }
                }
                turn.wrappingAdd(1, ordering: .acquiringAndReleasing)
            }
            if thread == 2 { isOver.store(true, ordering: .releasing) }
        }
        rig.pipeline.want()
        rig.runAll()
        #expect(rig.spans.sentCount == count)
        #expect(rig.logs == OTLPExportCounts())
        #expect(rig.transport.requests.flatMap { Rig.numbers("log", in: $0.body) } == Array(0..<count))
    }

    @Test("keeps what threads left that have ended, and nothing of the threads")
    func endedThreads() throws {
        // As few chunks as there can be: 128, for 1,000 threads.
        let rig = try Rig {
            $0.logs.recordCount = 10_000
            $0.logs.byteCount = 10 << 20
            $0.logs.batchRecordCount = 10_000
            $0.spans.byteCount = 0
        }
        let few = try Rig { $0.logs.recordCount = 10_000 }
        for round in 0..<20 {
            TestThreads.run(50) { thread in
                for rig in [rig, few] {
                    Rig.event(50 * round + thread, in: nil).withView { rig.pipeline.intake.add($0) }
                }
            }
            #expect(TestThreads.eventually { rig.isWithoutLanes && few.isWithoutLanes })
        }
        rig.pipeline.want()
        rig.runAll()
        #expect(rig.sentLogs.flatMap { $0 }.sorted() == Array(0..<1_000))
        #expect(few.logs.heldCount == 1_000)
    }

    @Test("has a flush on any thread include what others emitted before")
    func flush() throws {
        let transport = ScriptedTransport()
        let exporter = try OTLPExporter(resource: OTLPResource(serviceName: "test"), transport: transport)
        for round in 0..<20 {
            TestThreads.run(3) { thread in
                exporter.eventDidOccur(Rig.event(3 * round + thread, in: nil))
            }
            exporter.flush()
            let sent = transport.requests.flatMap { Rig.numbers("log", in: $0.body) }
            #expect(sent.sorted() == Array(0..<3 * (round + 1)))
        }
    }

    @Test("lets a thread emit to several exporters, and to others when these are gone")
    func severalExporters() throws {
        for _ in 0..<3 {
            let rigs = try (0..<3).map { _ in try Rig() }
            for number in 0..<9 { rigs[number % 3].admit(Rig.event(number, in: nil)) }
            for (index, rig) in rigs.enumerated() {
                rig.runAll()
                #expect(rig.sentLogs.flatMap { $0 } == [index, index + 3, index + 6])
            }
        }
    }

    @Test("does nothing in a child of fork, and waits for nobody there")
    func fork() throws {
        let transport = ScriptedTransport()
        let exporter = try OTLPExporter(resource: OTLPResource(serviceName: "test"), transport: transport)
        let emit = { (number: Int) in
            exporter.spanDidStart(Rig.span(number))
            exporter.eventDidOccur(Rig.event(number, in: Rig.context(number)))
            exporter.spanDidEnd(Rig.span(number))
        }
        emit(1)
        exporter.flush()
        emit(2)
        let status = TestChild.run {
            emit(3)
            exporter.flush()
            let isSilent = exporter.spanCounts == OTLPExportCounts() && exporter.droppedEventCount == 0
            let report = exporter.shutdown(withinMilliseconds: 60_000)
            return isSilent && report == OTLPShutdownReport() && transport.requests.count == 1
        }
        #expect(status == 0)
        emit(4)
        exporter.flush()
        #expect(transport.requests.flatMap { Rig.numbers("span", in: $0.body) } == [1, 2, 4])
        #expect(exporter.spanCounts.sentCount == 3)
    }
}

extension Rig {
    /// Whether all threads that wrote have ended and were left.
    fileprivate var isWithoutLanes: Bool {
        pipeline.takeIn()
        return pipeline.drain.withLock { $0.laneCount } == 0
    }
}
