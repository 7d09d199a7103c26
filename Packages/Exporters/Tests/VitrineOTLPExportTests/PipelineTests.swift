// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import Testing
import VitrineOTLP
import VitrineObservability

@testable import VitrineOTLPExport

@Suite("OTLP export, pipeline")
struct PipelineTests {
    private static let second: UInt64 = 1_000_000_000

    @Test("sends when a batch is full, and the rest when its time is over")
    func sizeAndTime() throws {
        let rig = try Rig()
        #expect(rig.run() == .wait(until: nil))
        rig.addSpans(0..<3)
        let start = rig.clock.now
        #expect(rig.run() == .wait(until: start + 5 * Self.second))
        rig.clock.advance(milliseconds: 2_000)
        rig.addSpans(3..<6)
        #expect(rig.run() == .wait(until: start + 7 * Self.second))
        #expect(rig.sentSpans == [[0, 1, 2, 3]])
        rig.clock.advance(milliseconds: 4_999)
        rig.run()
        #expect(rig.sentSpans.count == 1)
        rig.clock.advance(milliseconds: 1)
        #expect(rig.run() == .wait(until: nil))
        #expect(rig.sentSpans == [[0, 1, 2, 3], [4, 5]])
        #expect(rig.spans.sentCount == 6)
    }

    @Test("takes memory for no more records than its bytes allow")
    func capacity() {
        var limits = OTLPQueueLimits()
        limits.recordCount = 1 << 20
        limits.byteCount = 1 << 20
        var queue = SignalQueue<EventRecord>(limits)
        #expect(queue.capacity <= (1 << 20) / MemoryLayout<EventRecord>.stride + 1)
        var count = 0
        let size = MemoryLayout<EventRecord>.stride
        while case .accepted = queue.admit(Rig.event(count, in: nil), byteCount: size, now: { 0 }) { count += 1 }
        #expect(count == (1 << 20) / size)
        #expect(queue.counts.droppedCounts == [.queueBytesFull: 1])
        limits.recordCount = 3
        #expect(SignalQueue<EventRecord>(limits).capacity == 3)
    }

    @Test("keeps no memory of a large request")
    func retained() throws {
        let rig = try Rig {
            $0.encoding.retainedByteCount = 100_000
            $0.spans.batchRecordCount = 1
        }
        rig.addSpans(0..<1, text: String(repeating: "x", count: 2_000_000))
        rig.run()
        rig.addSpans(1..<2)
        rig.run()
        #expect(rig.sentSpans == [[0], [1]])
        #expect(rig.pipeline.spanEncoder.heldByteCount < 400_000)
    }

    @Test("sends at once when half of its bytes are taken")
    func bytes() throws {
        let rig = try Rig { $0.spans.byteCount = 20_000 }
        rig.addSpans(0..<1, text: String(repeating: "x", count: 10_000))
        #expect(rig.run() == .wait(until: nil))
        #expect(rig.sentSpans == [[0]])
    }

    @Test("sends on demand, each signal by its own queue")
    func demand() throws {
        let rig = try Rig()
        rig.addSpans(0..<1)
        rig.addLogs(0..<6)
        let wanted = rig.pipeline.want()
        #expect(!rig.pipeline.isSettled(wanted))
        rig.addLogs(6..<7)
        // What came later is not wanted, but goes with what is.
        #expect(rig.run() == .wait(until: nil))
        #expect(rig.pipeline.isSettled(wanted))
        #expect(rig.sentSpans == [[0]])
        #expect(rig.sentLogs == [[0, 1, 2, 3], [4, 5, 6]])
        #expect(rig.transport.requests.map(\.timeoutMilliseconds) == [10_000, 10_000, 10_000])
    }

    @Test("waits with a flush as long as the receiver wants, and leaves the other signal alone")
    func flushDuringRetry() throws {
        let rig = try Rig([.status(429, retryAfter: "20")])
        rig.addSpans(0..<4)
        rig.run()
        rig.addSpans(4..<5)
        rig.addLogs(0..<1)
        let start = rig.clock.now
        let wanted = rig.pipeline.want()
        #expect(rig.run() == .wait(until: start + 20 * Self.second))
        #expect(rig.sentLogs == [[0]])
        #expect(!rig.pipeline.isSettled(wanted))
        rig.runAll()
        #expect(rig.pipeline.isSettled(wanted))
        #expect(rig.sentSpans == [[0, 1, 2, 3], [0, 1, 2, 3], [4]])
    }

    @Test("drops what comes last when there are too many records, those on their way included")
    func fullOfRecords() throws {
        let rig = try Rig([.down]) { $0.spans.recordCount = 6 }
        rig.addSpans(0..<5)
        rig.run()
        rig.addSpans(5..<9)
        #expect(rig.spans.heldCount == 6)
        #expect(rig.spans.droppedCounts == [.queueFull: 3])
        rig.pipeline.want()
        rig.runAll()
        #expect(rig.sentSpans.dropFirst() == [[0, 1, 2, 3], [4, 5]])
        #expect(rig.metric("otlp_export_dropped_records_total", ["reason": "queue_full", "signal": "traces"]) == 3)
        #expect(rig.spans.heldByteCount == 0)
    }

    @Test("drops what comes last when there are too many bytes")
    func fullOfBytes() throws {
        let size = RecordSize.byteCount(OTLPSpan(Rig.span(0)))
        let rig = try Rig {
            $0.spans.byteCount = 3 * size
            $0.spans.batchRecordCount = 2
        }
        rig.addSpans(0..<5)
        #expect(rig.spans.heldByteCount == 3 * size)
        #expect(rig.spans.droppedCounts == [.queueBytesFull: 2])
        rig.pipeline.want()
        rig.runAll()
        #expect(rig.sentSpans == [[0, 1], [2]])
    }

    @Test("counts what a partial success refuses, and says so")
    func partialSuccess() throws {
        let rig = try Rig([.partial(3, "why"), .partial(0, "old"), .partial(100)])
        rig.addSpans(0..<12)
        rig.runAll()
        #expect(rig.sentSpans.count == 3)
        #expect(rig.spans.sentCount == 5)
        #expect(rig.spans.droppedCounts == [.rejected: 7])
        #expect(
            rig.notices == [
                .partialSuccess(.traces, OTLPPartialSuccess(rejectedCount: 3, message: "why")),
                .partialSuccess(.traces, OTLPPartialSuccess(rejectedCount: 0, message: "old")),
                .partialSuccess(.traces, OTLPPartialSuccess(rejectedCount: 100, message: "")),
            ])
    }

    @Test("believes the code of an answer that cannot be read", arguments: [200, 202, 299])
    func unreadable(code: Int) throws {
        let rig = try Rig([.status(code, body: Array("<html>".utf8))])
        rig.addSpans(0..<4)
        rig.runAll()
        #expect(rig.spans.sentCount == 4)
        #expect(rig.notices == [.unreadableAnswer(.traces, .malformed)])
    }

    @Test("splits what the receiver finds too large, down to one record, and keeps the order")
    func split() throws {
        let rig = try Rig([.status(413), .status(413), .status(413)])
        rig.addSpans(0..<4)
        rig.runAll()
        #expect(rig.sentSpans == [[0, 1, 2, 3], [0, 1], [0], [1], [2, 3]])
        #expect(rig.spans.sentCount == 3)
        #expect(rig.spans.droppedCounts == [.tooLarge: 1])
        #expect(
            rig.notices == [
                .split(.traces, recordCount: 4), .split(.traces, recordCount: 2),
                .dropped(.traces, recordCount: 1, .tooLarge, .status(code: 413, message: "")),
            ])
    }

    @Test("splits what is too large to be encoded, and drops only what is so alone")
    func splitByEncoder() throws {
        let rig = try Rig { $0.encoding.requestByteCount = 4_000 }
        rig.addSpans(0..<1)
        rig.addSpans(1..<2, text: String(repeating: "x", count: 5_000))
        rig.addSpans(2..<4)
        rig.runAll()
        #expect(rig.sentSpans == [[0], [2, 3]])
        #expect(rig.spans.sentCount == 3)
        #expect(rig.spans.droppedCounts == [.tooLarge: 1])
        #expect(
            rig.notices.last
                == .dropped(
                    .traces, recordCount: 1, .tooLarge, .encoding(.tooLarge(maximumByteCount: 4_000))))
    }

    @Test("tries a half again before it goes on with the other")
    func splitAndRetry() throws {
        let rig = try Rig([.status(413), .down])
        rig.addSpans(0..<4)
        rig.runAll()
        #expect(rig.sentSpans == [[0, 1, 2, 3], [0, 1], [0, 1], [2, 3]])
        #expect(rig.spans.sentCount == 4)
    }

    @Test("shows its state as metrics")
    func metrics() throws {
        let rig = try Rig([.down])
        rig.addSpans(0..<6)
        rig.addLogs(0..<2)
        let traces = ["signal": "traces"]
        #expect(rig.metric("otlp_export_held_records", traces) == 6)
        #expect(rig.metric("otlp_export_held_records", ["signal": "logs"]) == 2)
        rig.runAll()
        #expect(rig.metric("otlp_export_held_records", traces) == 0)
        #expect(rig.metric("otlp_export_sent_records_total", traces) == 6)
        #expect(rig.metric("otlp_export_retries_total", traces) == 1)
        #expect(rig.metric("otlp_export_request_duration_seconds", traces) == 3)
        #expect(rig.metric("otlp_export_request_duration_seconds", ["signal": "logs"]) == 1)
    }

    @Test("stays within what can be, whatever is configured")
    func strangeLimits() throws {
        for number in [Int.min, -1, 0] {
            let rig = try Rig {
                $0.spans.recordCount = number
                $0.spans.batchRecordCount = number
                $0.logs.byteCount = number
                $0.openSpans.spanCount = number
                $0.openSpans.eventCountPerSpan = number
                $0.openSpans.byteCount = number
                $0.requestTimeoutMilliseconds = 0
            }
            rig.begin(Rig.context(0))
            rig.addSpans(0..<2)
            rig.addLogs(0..<1)
            rig.runAll()
            #expect(rig.sentSpans == [[0]])
            #expect(rig.transport.requests.first?.timeoutMilliseconds == 1)
            #expect(rig.spans.droppedCounts == [.queueFull: 1])
            #expect(rig.logs.droppedCounts == [.queueBytesFull: 1])
        }
    }
}
