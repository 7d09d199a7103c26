// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import VitrineOTLP
import VitrineOTLPExport
import VitrineOTLPHTTP
import VitrineObservability

/// An exporter with short waits between attempts and much time for each, and what it says.
final class Sender: Sendable {
    let exporter: OTLPExporter
    private let list: NoticeList

    private final class NoticeList: Sendable {
        let notices = Mutex<[OTLPExportNotice]>([])
    }

    init(
        _ transport: OTLPHTTPTransport, elapsedMilliseconds: UInt32 = 600_000, timeoutMilliseconds: UInt32 = 300_000,
        onNotice: @escaping @Sendable (OTLPExportNotice) -> Void = { _ in }
    ) throws {
        var configuration = OTLPExportConfiguration()
        configuration.retry.initialDelayMilliseconds = 10
        configuration.retry.maximumDelayMilliseconds = 50
        configuration.retry.maximumElapsedMilliseconds = elapsedMilliseconds
        configuration.requestTimeoutMilliseconds = timeoutMilliseconds
        configuration.flushTimeoutMilliseconds = 600_000
        let list = NoticeList()
        self.list = list
        exporter = try OTLPExporter(
            resource: OTLPResource(serviceName: "test"), transport: transport, configuration: configuration
        ) { notice in
            list.notices.withLock { $0.append(notice) }
            onNotice(notice)
        }
    }

    var notices: [OTLPExportNotice] { list.notices.withLock { $0 } }

    /// The words of the first failure of a connection.
    var reason: String {
        for case .retry(_, .transport(.connection(let reason)), _) in notices { return reason }
        for case .dropped(_, _, _, .transport(.connection(let reason))?) in notices { return reason }
        return ""
    }

    /// Emits spans with these numbers and waits until they were sent or dropped.
    func send(_ numbers: Range<Int>) {
        Self.emit(numbers, to: exporter)
        exporter.flush()
    }

    static func emit(_ numbers: Range<Int>, to exporter: OTLPExporter) {
        Telemetry.withSubscriber(exporter) {
            for number in numbers {
                let span = SpanRecord(
                    context: SpanContext(traceID: .random(), spanID: .random(), flags: .sampled), parent: nil,
                    metadata: Metadata(name: "span<\(number)>", target: "test", level: .info, kind: .span),
                    start: .now, end: .now)
                Telemetry.spanDidEnd(span, wasWanted: Telemetry.spanDidStart(span))
            }
        }
    }

    /// Ends it, and gives what became of the spans.
    func finish() -> OTLPExportCounts { exporter.shutdown(withinMilliseconds: 600_000).spans }
}
