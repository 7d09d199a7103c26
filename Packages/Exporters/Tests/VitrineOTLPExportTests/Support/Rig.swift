// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import VitrineOTLP
import VitrineOTLPSpool
import VitrineObservability

@testable import VitrineOTLPExport

/// A pipeline with a manual clock and a scripted receiver, stepped by the test's own thread.
final class Rig: Sendable {
    let clock: ManualClock
    let transport: ScriptedTransport
    let pipeline: ExportPipeline
    let registry = MetricsRegistry()
    private let noticeList: NoticeList

    private final class NoticeList: Sendable {
        let notices = Mutex<[OTLPExportNotice]>([])
    }

    init(
        _ answers: [ScriptedTransport.Answer] = [],
        then fallback: ScriptedTransport.Answer = .success(OTLPResponse(statusCode: 200)),
        byteLimit: Int = .max,
        spool: OTLPSpool? = nil,
        _ configure: (inout OTLPExportConfiguration) -> Void = { _ in },
        metricsSource: OTLPMetricsSource? = nil,
        whileSending: (@Sendable (ManualClock) -> Void)? = nil
    ) throws {
        var configuration = OTLPExportConfiguration()
        configuration.spans.batchRecordCount = 4
        configuration.logs.batchRecordCount = 4
        configure(&configuration)
        let clock = ManualClock()
        let list = NoticeList()
        self.clock = clock
        noticeList = list
        transport = ScriptedTransport(answers, then: fallback, clock: clock, byteLimit: byteLimit) {
            whileSending?(clock)
        }
        pipeline = try ExportPipeline(
            configuration, OTLPResource(serviceName: "test"), transport, registry, metricsSource, clock: clock.clock,
            spool: spool
        ) { notice in list.notices.withLock { $0.append(notice) } }
    }

    /// What became of what was found in the spool.
    var recoveredCounts: OTLPRecoveredCounts { pipeline.recovery.withLock { $0.counts } }

    var notices: [OTLPExportNotice] { noticeList.notices.withLock { $0 } }
    var spans: OTLPExportCounts { pipeline.counts(.traces) }
    var logs: OTLPExportCounts { pipeline.counts(.logs) }

    /// Emits one record, and has it taken in before the next. So with the other two.
    func begin(_ context: SpanContext) {
        let metadata = Metadata(name: "span", target: "test", level: .info, kind: .span)
        SpanRecord(context: context, parent: nil, metadata: metadata, start: .now).withView {
            pipeline.intake.begin($0.context)
        }
        pipeline.takeIn()
    }

    func admit(_ span: SpanRecord) {
        span.withView { pipeline.intake.end($0) }
        pipeline.takeIn()
    }

    func admit(_ event: EventRecord) {
        event.withView { pipeline.intake.add($0) }
        pipeline.takeIn()
    }

    /// Steps one work as long as something of it is due now; gives what it wants then.
    @discardableResult
    func run(_ work: ExportWork) -> ExportPipeline.Step {
        while true {
            let step = pipeline.step(work)
            guard case .again = step else { return step }
        }
    }

    /// The same with all works, one after the other, until none has news; gives what is wanted first of what they want.
    @discardableResult
    func run() -> ExportPipeline.Step {
        var waits: [UInt64] = []
        var known: [ExportWork: UInt64] = [:]
        repeat {
            known = pipeline.news.mapValues(\.count)
            waits = pipeline.works.compactMap { work in
                guard case .wait(let time) = run(work) else { return nil }
                return time ?? .max
            }
        } while pipeline.news.mapValues(\.count) != known
        guard let first = waits.min() else { return .finish }
        return .wait(until: first == .max ? nil : first)
    }

    /// Steps and moves the clock to what comes next, until there is nothing left to wait for.
    @discardableResult
    func runAll() -> ExportPipeline.Step {
        while true {
            let step = run()
            guard case .wait(let time?) = step else { return step }
            clock.advance(to: time)
        }
    }

    func addSpans(_ numbers: Range<Int>, text: String = "") {
        for number in numbers { admit(Self.span(number, text: text)) }
    }

    func addLogs(_ numbers: Range<Int>) {
        for number in numbers { admit(Self.event(number, in: nil)) }
    }

    static func context(_ number: Int, flags: TraceFlags = .sampled) -> SpanContext {
        SpanContext(
            traceID: TraceID(high: 1, low: 2) ?? .random(),
            spanID: SpanID(rawValue: UInt64(number) + 1) ?? .random(), flags: flags)
    }

    static func span(_ number: Int, text: String = "") -> SpanRecord {
        SpanRecord(
            context: context(number), parent: nil,
            metadata: Metadata(name: "span<\(number)>", target: "test", level: .info, kind: .span),
            start: Timestamp(nanosecondsSinceEpoch: ManualClock.epoch),
            end: Timestamp(nanosecondsSinceEpoch: ManualClock.epoch + 1), fields: text.isEmpty ? [] : [Field("t", text)]
        )
    }

    static func event(_ number: Int, in context: SpanContext?) -> EventRecord {
        EventRecord(
            context: context, metadata: Metadata(name: "event", target: "test", level: .info),
            time: Timestamp(nanosecondsSinceEpoch: ManualClock.epoch + UInt64(number)), message: "log<\(number)>")
    }

    /// The numbers of the records of a name in a request, in their order.
    static func numbers(_ name: String, in body: [UInt8]) -> [Int] {
        String(decoding: body, as: UTF8.self).split(separator: "\(name)<").dropFirst().compactMap {
            Int($0.prefix { $0.isNumber })
        }
    }

    /// The numbers of the spans of each request.
    var sentSpans: [[Int]] {
        transport.requests.filter { $0.signal == .traces }.map { Self.numbers("span", in: $0.body) }
    }
    /// The numbers of the log records of each request for logs.
    var sentLogs: [[Int]] { transport.requests.filter { $0.signal == .logs }.map { Self.numbers("log", in: $0.body) } }

    /// What became of data points.
    var points: OTLPExportCounts { pipeline.metricsQueue.withLock { $0.counts } }

    /// The value of a counter or an up-down counter, 0 if there is none.
    func metric(_ name: String, _ labels: [String: String]) -> Int64 {
        for family in registry.snapshot() where family.name == name {
            for series in family.series
            where labels.allSatisfy({ label in
                series.labels.contains { $0.name == label.key && $0.value == label.value }
            }) {
                switch series.value {
                case .counter(let value): return Int64(value)
                case .upDownCounter(let value): return value
                case .histogram(let value): return Int64(value.bucketCounts.reduce(0, +))
                default: return -1
                }
            }
        }
        return 0
    }
}
