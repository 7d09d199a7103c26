// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineOTLP
import VitrineOTLPExport
import VitrineOTLPHTTP
import VitrineObservability

/// What a receiver does to six spans, and what is to become of them.
struct Fault: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let faults: [String]
    let requestCount: Int
    let retryCount: Int
    let dropped: [OTLPDropReason: Int]
    /// What the exporter is told of a connection that failed.
    let words: String
    let timeoutMilliseconds: UInt32

    init(
        _ name: String, _ faults: [String], requests: Int, retries: Int = 0, dropped: [OTLPDropReason: Int] = [:],
        words: String = "", timeoutMilliseconds: UInt32 = 300_000
    ) {
        testDescription = name
        self.faults = faults
        requestCount = requests
        retryCount = retries
        self.dropped = dropped
        self.words = words
        self.timeoutMilliseconds = timeoutMilliseconds
    }

    static let all = [
        Fault("nothing goes wrong", [], requests: 1),
        Fault("it dies in the middle of a request", ["reset-within"], requests: 2, retries: 1, words: "reset by peer"),
        Fault(
            "it closes without an answer", ["close", "close"], requests: 3, retries: 2,
            words: "before its answer was whole"),
        Fault("it answers 429 with Retry-After", ["429=1"], requests: 2, retries: 1),
        Fault("it answers 502, 503 and 504", ["502", "503", "504"], requests: 4, retries: 3),
        Fault("it answers 400 with a status", ["400"], requests: 1, dropped: [.refused: 6]),
        Fault("it answers 500", ["500"], requests: 1, dropped: [.refused: 6]),
        Fault("it takes two spans a request at most", Array(repeating: "at-most=2", count: 7), requests: 7),
        Fault("it takes a part", ["partial=2"], requests: 1, dropped: [.rejected: 2]),
        Fault("it says so compressed", ["partial-gzip=2"], requests: 1, dropped: [.rejected: 2]),
        Fault("it sends us elsewhere", ["redirect"], requests: 1, dropped: [.refused: 6]),
        Fault(
            "its answer ends after the headers", ["head-only"], requests: 2, retries: 1,
            words: "before its answer was whole"),
        Fault(
            "its answer ends in the body", ["half-body"], requests: 2, retries: 1, words: "before its answer was whole"),
        Fault("it answers garbage", ["garbage"], requests: 2, retries: 1, words: "is not HTTP"),
        // Long enough for the second request, which is answered, on a busy machine.
        Fault("it never answers", ["never"], requests: 2, retries: 1, timeoutMilliseconds: 10_000),
        Fault("it reads slowly", ["slow-read"], requests: 1),
        Fault("it answers slowly", ["slow"], requests: 1),
        Fault("its answer ends with the connection", ["until-end"], requests: 1),
        Fault("its answer has 16 MiB", ["oversize"], requests: 1),
    ]
}

@Suite("OTLP over HTTP, faults")
struct FaultTests {
    private func transport(_ url: String, _ compression: OTLPCompression = .none) throws -> OTLPHTTPTransport {
        var configuration = try OTLPHTTPConfiguration(endpoint: url)
        configuration.traces.compression = compression
        return try OTLPHTTPTransport(configuration)
    }

    @Test("delivers each span once or counts why not when", arguments: Fault.all, OTLPCompression.allCases)
    func table(fault: Fault, compression: OTLPCompression) throws {
        let receiver = try Receiver(fault.faults)
        let transport = try transport(receiver.url, compression)
        let sender = try Sender(transport, timeoutMilliseconds: fault.timeoutMilliseconds)
        sender.send(0..<6)
        let counts = sender.finish()
        let droppedCount = fault.dropped.values.reduce(0, +)
        #expect(counts.droppedCounts == fault.dropped)
        #expect(counts.sentCount == 6 - droppedCount)
        #expect(counts.heldCount == 0)
        #expect(counts.retryCount == fault.retryCount)
        #expect(sender.reason.contains(fault.words), "\(sender.reason)")
        #expect(sender.reason.contains("127.0.0.1:\(receiver.port)") || fault.words.isEmpty)
        let requests = try receiver.requests
        #expect(requests.allSatisfy { $0.line == "POST /v1/traces HTTP/1.1" })
        #expect(try receiver.taken == (fault.dropped[.refused] == nil ? [0, 1, 2, 3, 4, 5] : []))
        if fault.faults == ["oversize"] {
            #expect(try receiver.waitForClosed(1))
            #expect(try receiver.wasReadWhole == false)
        }
        #expect(requests.count == fault.requestCount)
        #expect(requests.allSatisfy { $0.headers["content-encoding"] == (compression == .gzip ? "gzip" : nil) })
    }

    @Test("delivers when a receiver that was down at the start comes up")
    func down() throws {
        let receiver = try Receiver(isDown: true)
        let sender = try Sender(try transport(receiver.url)) { notice in
            if case .retry = notice { try? receiver.listen() }
        }
        sender.send(0..<6)
        #expect(sender.reason.contains("127.0.0.1:\(receiver.port)"))
        #expect(sender.reason.lowercased().contains("refused"))
        let counts = sender.finish()
        #expect(counts.sentCount == 6)
        #expect(counts.retryCount >= 1)
        #expect(try receiver.taken == [0, 1, 2, 3, 4, 5])
    }

    @Test("waits as long as the receiver says, in seconds or until a date")
    func retryAfter() throws {
        #expect(try wait(after: "429=1") == 1_000_000_000)
        // A date that is over: the wait is the exporter's own.
        #expect(1...60_000_000 ~= (try wait(after: "429-date=-1000")))
        var untilDate = try wait(after: "429-date=3")
        // On a busy machine the date may be over when it is read.
        if untilDate < 100_000_000 { untilDate = try wait(after: "429-date=30") }
        #expect(100_000_000...30_000_000_000 ~= untilDate)
    }

    /// How long the exporter waits after an answer of 429 before it delivers, in nanoseconds.
    private func wait(after fault: String) throws -> UInt64 {
        let receiver = try Receiver([fault])
        let sender = try Sender(try transport(receiver.url))
        sender.send(0..<6)
        #expect(sender.finish().sentCount == 6)
        #expect(try receiver.taken == [0, 1, 2, 3, 4, 5])
        guard case .retry(.traces, .status(code: 429, message: ""), let wait)? = sender.notices.first else {
            Issue.record("\(sender.notices)")
            return 0
        }
        return wait
    }

    @Test("hands on what the receiver says")
    func words() throws {
        let receiver = try Receiver(["400"])
        let sender = try Sender(try transport(receiver.url))
        sender.send(0..<6)
        #expect(
            sender.notices == [
                .dropped(.traces, recordCount: 6, .refused, .status(code: 400, message: "bad span"))
            ])
        let partial = try Receiver(["partial-gzip=2"])
        let other = try Sender(try transport(partial.url))
        other.send(0..<6)
        #expect(other.notices == [.partialSuccess(.traces, OTLPPartialSuccess(rejectedCount: 2, message: "no"))])
    }

    @Test("loses nothing to a connection that the receiver closed meanwhile", arguments: ["stale", "stale-reset"])
    func stale(fault: String) throws {
        let receiver = try Receiver([fault, fault])
        let sender = try Sender(try transport(receiver.url))
        for start in [0, 6, 12] {
            sender.send(start..<start + 6)
            // Right away, and once the end of the connection has surely arrived.
            if start > 0 { #expect(try receiver.waitForClosed(start / 6)) }
        }
        let counts = sender.finish()
        #expect(counts.sentCount == 18)
        #expect(counts.droppedCount == 0)
        #expect(try receiver.taken == Array(0..<18))
    }

    @Test("names a host that there is not")
    func name() throws {
        let sender = try Sender(try transport("http://receiver.invalid:4318"), elapsedMilliseconds: 100)
        sender.send(0..<6)
        #expect(sender.reason.contains("the host name receiver.invalid cannot be resolved"))
        #expect(sender.finish().droppedCounts == [.retriesExhausted: 6])
    }

    @Test("sends spans though the receiver of metrics never answers")
    func blackHole() throws {
        let deaf = try Receiver(Array(repeating: "never", count: 100))
        let receiver = try Receiver()
        var targets = try OTLPHTTPConfiguration(endpoint: receiver.url)
        targets.metrics.url = deaf.url + "/v1/metrics"
        var configuration = OTLPExportConfiguration()
        configuration.requestTimeoutMilliseconds = 60_000
        configuration.metricsTimeoutMilliseconds = 60_000
        configuration.metricsIntervalMilliseconds = 1
        configuration.spans.batchRecordCount = 1
        let registry = MetricsRegistry()
        registry.counter("meals_total", help: "").increment()
        let exporter = try OTLPExporter(
            resource: OTLPResource(serviceName: "test"), transport: OTLPHTTPTransport(targets),
            configuration: configuration, metricsSource: OTLPMetricsSource(registry))
        #expect(try deaf.waitForRequests(1))
        Sender.emit(0..<3, to: exporter)
        #expect(try receiver.waitForSpans(3))
        let report = exporter.shutdown(withinMilliseconds: 1_000)
        #expect(report.spans.sentCount == 3)
        #expect(report.spans.droppedCount == 0)
        #expect(report.unsentDataPointCount == 1)
        #expect(report.isMissingLastMetrics)
        #expect(try deaf.requests.count == 1)
        #expect(try receiver.taken == [0, 1, 2])
    }

    @Test("says that it is out of time when the receiver never answers")
    func timeout() throws {
        let receiver = try Receiver(["never"])
        let transport = try transport(receiver.url)
        #expect(throws: OTLPTransportError.timeout) {
            // Long enough to be heard by the receiver on a busy machine.
            try transport.send(.traces, [1, 2, 3], timeoutMilliseconds: 3_000)
        }
        // The connection is closed, so that no late answer is taken for the next one.
        #expect(try receiver.waitForClosed(1))
        #expect(try transport.send(.traces, [], timeoutMilliseconds: 300_000).statusCode == 200)
    }
}
