// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineOTLP
import VitrineObservability

@testable import VitrineOTLPExport

@Suite("OTLP export, retries")
struct RetryTests {
    private static let second: UInt64 = 1_000_000_000

    @Test("come after answers that the protocol says are of the moment", arguments: [429, 502, 503, 504])
    func retryable(code: Int) throws {
        let rig = try Rig([.status(code)])
        rig.addSpans(0..<4)
        #expect(rig.run() == .wait(until: rig.clock.now + Self.second))
        #expect(rig.spans.heldCount == 4)
        rig.runAll()
        #expect(rig.sentSpans == [[0, 1, 2, 3], [0, 1, 2, 3]])
        #expect(rig.spans.sentCount == 4)
        #expect(rig.spans.retryCount == 1)
        #expect(rig.spans.droppedCounts == [:])
        #expect(
            rig.notices == [
                .retry(.traces, .status(code: code, message: ""), afterNanoseconds: Self.second)
            ])
        #expect(rig.metric("otlp_export_retries_total", ["signal": "traces"]) == 1)
    }

    @Test(
        "come after errors of the connection",
        arguments: [OTLPTransportError.connection(reason: "reset"), OTLPTransportError.timeout])
    func connection(error: OTLPTransportError) throws {
        let rig = try Rig([.failure(error)])
        rig.addLogs(0..<4)
        rig.runAll()
        #expect(rig.sentLogs == [[0, 1, 2, 3], [0, 1, 2, 3]])
        #expect(rig.logs.sentCount == 4)
        #expect(rig.notices == [.retry(.logs, .transport(error), afterNanoseconds: Self.second)])
    }

    @Test(
        "do not come after any other failure, nor after a redirect",
        arguments: [0, 100, 199, 300, 301, 302, 307, 308, 400, 401, 403, 404, 405, 408, 415, 500, 501, 505, 599])
    func refused(code: Int) throws {
        let rig = try Rig([.status(code, retryAfter: "1", body: [0x08, 0x03, 0x12, 0x02, 0x6E, 0x6F])])
        rig.addSpans(0..<4)
        #expect(rig.runAll() == .wait(until: nil))
        #expect(rig.sentSpans == [[0, 1, 2, 3]])
        #expect(rig.spans.sentCount == 0)
        #expect(rig.spans.droppedCounts == [.refused: 4])
        #expect(
            rig.notices == [.dropped(.traces, recordCount: 4, .refused, .status(code: code, message: "no"))])
        #expect(
            rig.metric("otlp_export_dropped_records_total", ["signal": "traces", "reason": "refused"]) == 4)
    }

    @Test("take a page of a proxy for what its code says")
    func page() throws {
        let rig = try Rig([.status(403, body: Array("<html>".utf8))])
        rig.addSpans(0..<4)
        rig.run()
        #expect(rig.notices == [.dropped(.traces, recordCount: 4, .refused, .status(code: 403, message: ""))])
    }

    @Test("wait as long as the receiver says, in seconds or until a date", arguments: [429, 502, 503, 504])
    func retryAfter(code: Int) throws {
        // The wall clock shows 16:00:01 when the test begins.
        for (header, wait) in [("7", 7), ("Mon, 24 Nov 2025 16:00:11 GMT", 10)] {
            let rig = try Rig([.status(code, retryAfter: header)])
            rig.addSpans(0..<4)
            #expect(rig.run() == .wait(until: rig.clock.now + UInt64(wait) * Self.second))
        }
        for header in ["0", "soon", "Mon, 24 Nov 2025 15:00:00 GMT", "-1", "1.5"] {
            let rig = try Rig([.status(code, retryAfter: header)])
            rig.addSpans(0..<4)
            #expect(rig.run() == .wait(until: rig.clock.now + Self.second), "\(header)")
        }
    }

    @Test("grow from wait to wait, and no further than they may")
    func growth() throws {
        let rig = try Rig(then: .down) {
            $0.retry.multiplier = 2
            $0.retry.maximumDelayMilliseconds = 5_000
            $0.retry.maximumElapsedMilliseconds = 22_000
        }
        rig.addSpans(0..<4)
        #expect(rig.runAll() == .wait(until: nil))
        let times = rig.transport.requests.map { $0.time / Self.second - 1 }
        #expect(times == [0, 1, 3, 7, 12, 17, 22])
        #expect(rig.spans.droppedCounts == [.retriesExhausted: 4])
        #expect(rig.spans.retryCount == 6)
    }

    @Test("lie within their jitter, and within all limits whatever is configured")
    func jitter() {
        var policy = OTLPRetryPolicy()
        #expect(policy.delayNanoseconds(afterAttempt: 1, random: 0) == 800_000_000)
        var hasty = policy
        (hasty.initialDelayMilliseconds, hasty.maximumDelayMilliseconds, hasty.jitter) = (0, 0, 1)
        #expect(hasty.delayNanoseconds(afterAttempt: 5, random: 0) == 1_000_000)
        #expect(policy.delayNanoseconds(afterAttempt: 1, random: 1) == 1_200_000_000)
        #expect(policy.delayNanoseconds(afterAttempt: 3, random: 0.5) == 2_250_000_000)
        #expect(policy.delayNanoseconds(afterAttempt: .max, random: 1) == 30_000_000_000)
        for strange in [Double.nan, .infinity, -.infinity, -1, 0, 1e300] {
            policy.multiplier = strange
            policy.jitter = strange
            for attempt in [Int.min, 0, 1, 2, 50, .max] {
                #expect(policy.delayNanoseconds(afterAttempt: attempt, random: strange) <= 30_000_000_000)
            }
        }
    }

    @Test("give up where the receiver wants to be left alone for longer than is waited, and leave it alone for that")
    func longRetryAfter() throws {
        let rig = try Rig([.status(503, retryAfter: "9999999999"), .status(429, retryAfter: "301")])
        rig.addSpans(0..<8)
        let start = rig.clock.now
        #expect(rig.run() == .wait(until: start + 300 * Self.second))
        #expect(rig.spans.droppedCounts == [.retriesExhausted: 4])
        #expect(rig.runAll() == .wait(until: nil))
        #expect(rig.spans.droppedCounts == [.retriesExhausted: 8])
        rig.addSpans(8..<12)
        #expect(rig.run() == .wait(until: start + 600 * Self.second))
        rig.runAll()
        #expect(rig.spans.sentCount == 4)
    }
}

@Suite("OTLP export, Retry-After")
struct RetryAfterTests {
    @Test("is seconds or one of the three dates of HTTP")
    func forms() {
        #expect(RetryAfter("120") == .seconds(120))
        #expect(RetryAfter(" 120\t") == .seconds(120))
        for text in ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"] {
            #expect(RetryAfter(text) == .date(784_111_777), "\(text)")
        }
        #expect(RetryAfter("Thu, 29 Feb 2024 23:59:60 GMT") == .date(1_709_251_200))
        #expect(RetryAfter("Thu, 01 Jan 1970 00:00:00 GMT") == .date(0))
        #expect(RetryAfter("Friday, 31-Dec-69 00:00:00 GMT") == .date(3_155_673_600))
        #expect(RetryAfter("Fri, 31 Dec 9999 23:59:59 GMT") == .date(253_402_300_799))
    }

    @Test(
        "is nothing else",
        arguments: [
            "", " ", "1s", "-1", "+1", "1.0", "1 2", "٣", "Sun, 06 Nov 1994", "Sun, 06 Nov 1994 08:49:37 CET",
            "Sun, 32 Nov 1994 08:49:37 GMT", "Sun, 06 Nix 1994 08:49:37 GMT", "Sun, 06 Nov 1969 08:49:37 GMT",
            "Sun, 06 Nov 1994 24:49:37 GMT", "Sun, 06 Nov 1994 08:60:37 GMT", "Sun, 06 Nov 1994 08:49 GMT",
            "99999999999999999999", String(repeating: "1", count: 100),
        ])
    func nothing(text: String) {
        #expect(RetryAfter(text) == nil)
    }

    @Test("is a wait from now, which never overflows")
    func wait() {
        let now = Timestamp(nanosecondsSinceEpoch: 10_500_000_000)
        #expect(RetryAfter.seconds(2).nanoseconds(from: now) == 2_000_000_000)
        #expect(RetryAfter.date(12).nanoseconds(from: now) == 1_500_000_000)
        #expect(RetryAfter.date(10).nanoseconds(from: now) == 0)
        #expect(RetryAfter.seconds(.max).nanoseconds(from: now) == .max)
    }
}
