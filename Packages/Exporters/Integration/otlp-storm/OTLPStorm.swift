// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import VitrineOTLP
import VitrineOTLPExport
import VitrineObservability

/// Runs the storm: see `--help`.
@main
enum OTLPStorm {
    /// Of the allocator's, of threads and of the program itself, beyond what the exporter counts.
    private static let slackByteCount = 24 << 20

    static func main() {
        do throws(StormOptions.Refusal) {
            let options = try StormOptions(Array(CommandLine.arguments.dropFirst()))
            guard let report = run(options) else { return fail("there is no socket, or no thread", 2) }
            print(options.isJSON ? report.json : report.table)
            if !report.isGood { exit(1) }
        } catch {
            switch error {
            case .help: print(StormOptions.help)
            case .bad(let reason): fail(reason, 2)
            }
        }
    }

    private static func fail(_ reason: String, _ code: Int32) {
        FileHandle.standardError.write(Data("otlp-storm: \(reason)\n".utf8))
        exit(code)
    }

    private static func run(_ options: StormOptions) -> StormReport? {
        var configuration = OTLPExportConfiguration()
        configuration.retry.maximumDelayMilliseconds = 2_000
        // On a busy machine, too, no request is sent again because its answer is late.
        configuration.requestTimeoutMilliseconds = 300_000
        guard let receiver = Receiver(),
            let exporter = try? OTLPExporter(
                resource: OTLPResource(serviceName: "otlp-storm"), transport: SocketTransport(port: receiver.port),
                configuration: configuration)
        else { return nil }
        Telemetry.install(exporter)
        let emitter = Emitter(spansPerSecond: options.spansPerSecond)
        // Before anything is held: what the queues take counts as growth.
        let before = residentByteCount
        emitter.start()
        sleep(milliseconds: 300)

        emitter.enter(.down)
        var peak = before
        for _ in 0..<(options.seconds * 20) {
            sleep(milliseconds: 50)
            peak = max(peak, residentByteCount)
        }

        emitter.enter(.resuming)
        let start = MonotonicInstant.now.nanoseconds
        guard receiver.start() else { return nil }
        var resumed: Int?
        for _ in 0..<300_000 where resumed == nil {
            if receiver.requestCount > 0 {
                resumed = Int((MonotonicInstant.now.nanoseconds - start) / 1_000_000)
            } else {
                sleep(milliseconds: 1)
            }
        }

        emitter.enter(.up)
        sleep(milliseconds: max(2_000, options.seconds * 250))
        let emitted = emitter.stop()
        let shutdown = exporter.shutdown(withinMilliseconds: 300_000)
        let received = receiver.received
        receiver.stop()
        return StormReport(
            emitted: emitted, received: received, shutdown: shutdown, seconds: options.seconds,
            spansPerSecond: options.spansPerSecond, growthByteCount: peak - before,
            growthLimit: limit(configuration) + slackByteCount, resumedMilliseconds: resumed)
    }

    /// What an exporter may hold: its queues, as much again where records come in, events of open spans, and a request of
    /// each signal with what it is made of.
    private static func limit(_ configuration: OTLPExportConfiguration) -> Int {
        2 * (configuration.spans.byteCount + configuration.logs.byteCount) + configuration.openSpans.byteCount
            + 2 * 2 * configuration.encoding.retainedByteCount
    }

    private static func sleep(milliseconds: Int) { usleep(UInt32(milliseconds) * 1_000) }

    /// How much memory the process has now.
    private static var residentByteCount: Int {
        guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return 0 }
        let fields = text.split(separator: " ")
        return fields.count > 1 ? (Int(fields[1]) ?? 0) * Int(sysconf(Int32(_SC_PAGESIZE))) : 0
    }
}
