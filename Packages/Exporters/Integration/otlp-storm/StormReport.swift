// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import VitrineOTLPExport

/// What a run found.
struct StormReport {
    var emitted = Emitter.Emitted()
    var received = Receiver.Received()
    var shutdown: OTLPShutdownReport
    var seconds = 0
    var spansPerSecond = 0
    var growthByteCount = 0
    var growthLimit = 0
    /// From when the receiver came up to its first request; nil if there was none.
    var resumedMilliseconds: Int?

    struct Check {
        let name: String
        let isGood: Bool
        let detail: String
    }

    var checks: [Check] {
        let spans = shutdown.spans
        let logs = shutdown.logs
        let spanSum = spans.sentCount + spans.spooledCount + spans.droppedCount + spans.heldCount
        let logSum = logs.sentCount + logs.spooledCount + logs.droppedCount + logs.heldCount
        // An event that found no room with its span is a log record.
        let most = emitted.logRecordCount + (emitted.spanCount + 9) / 10 + 2
        let distinct = Set(received.spanIDs).count
        return [
            Check(
                name: "spans counted", isGood: spanSum == emitted.spanCount,
                detail: "\(emitted.spanCount) emitted, \(spanSum) sent, dropped or held"),
            Check(
                name: "log records counted", isGood: logSum >= emitted.logRecordCount && logSum <= most,
                detail: "\(emitted.logRecordCount) emitted outside of spans, \(logSum) sent, dropped or held"),
            Check(
                name: "nothing held", isGood: spans.heldCount == 0 && logs.heldCount == 0,
                detail: "\(spans.heldCount) spans, \(logs.heldCount) log records"),
            Check(
                name: "sent is received",
                isGood: received.spanIDs.count == spans.sentCount && received.logRecordCount == logs.sentCount,
                detail: "\(received.spanIDs.count) spans, \(received.logRecordCount) log records"),
            Check(
                name: "no id twice", isGood: distinct == received.spanIDs.count && received.malformedCount == 0,
                detail: "\(distinct) ids, \(received.malformedCount) requests malformed"),
            Check(
                name: "delivery resumes", isGood: resumedMilliseconds != nil && !received.spanIDs.isEmpty,
                detail: resumedMilliseconds.map { "\($0) ms after the receiver came up" } ?? "never"),
            Check(
                name: "memory bounded", isGood: growthByteCount <= growthLimit,
                detail: "\(growthByteCount >> 10) KiB more, \(growthLimit >> 10) KiB allowed"),
        ]
    }

    var isGood: Bool { checks.allSatisfy(\.isGood) }

    /// For people.
    var table: String {
        var lines = ["\(spansPerSecond) spans a second on 2 threads, the receiver down for \(seconds) s, then up", ""]
        lines += checks.map { "  \($0.isGood ? "ok " : "BAD") \(pad($0.name, 22))\($0.detail)" }
        lines += ["", "  \(pad("caller's cost", 26))50 %      99 %      spans"]
        for (name, phase) in [("receiver down", Emitter.Phase.down), ("receiver up", .up)] {
            let counts = emitted.latencies[phase.rawValue]
            lines.append(
                "  \(pad(name, 26))\(pad("\(counts.quantile(0.5)) ns", 10))\(pad("\(counts.quantile(0.99)) ns", 10))"
                    + "\(counts.count)")
        }
        lines.append("  \(pad("down / up", 26))\(pad(ratio(0.5), 10))\(ratio(0.99))")
        lines += ["", "  spans sent \(shutdown.spans.sentCount), log records sent \(shutdown.logs.sentCount)"]
        for (name, counts) in [("spans", shutdown.spans), ("log records", shutdown.logs)] {
            for (reason, count) in counts.droppedCounts.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                lines.append("  \(name) dropped as \(reason.rawValue): \(count)")
            }
        }
        if emitted.lateCount > 0 {
            lines.append("  threads were 0.1 s late or more, so many times: \(emitted.lateCount)")
        }
        return lines.joined(separator: "\n")
    }

    /// For programs: one object in one line.
    var json: String {
        let latency = [("down", Emitter.Phase.down), ("up", .up)].map { name, phase in
            let counts = emitted.latencies[phase.rawValue]
            return "\"\(name)\":{\"p50_ns\":\(counts.quantile(0.5)),\"p99_ns\":\(counts.quantile(0.99)),"
                + "\"spans\":\(counts.count)}"
        }
        let dropped = shutdown.spans.droppedCounts.sorted { $0.key.rawValue < $1.key.rawValue }
            .map { "\"\($0.key.rawValue)\":\($0.value)" }.joined(separator: ",")
        let checks = checks.map { "\"\($0.name)\":\($0.isGood)" }.joined(separator: ",")
        return "{\"seconds\":\(seconds),\"spans_per_second\":\(spansPerSecond),\"emitted\":\(emitted.spanCount),"
            + "\"sent\":\(shutdown.spans.sentCount),\"dropped\":{\(dropped)},\"received\":\(received.spanIDs.count),"
            + "\"growth_bytes\":\(growthByteCount),\"growth_limit_bytes\":\(growthLimit),"
            + "\"resumed_ms\":\(resumedMilliseconds.map(String.init) ?? "null"),\"late\":\(emitted.lateCount),"
            + "\"caller\":{\(latency.joined(separator: ","))},\"checks\":{\(checks)},\"ok\":\(isGood)}"
    }

    private func ratio(_ share: Double) -> String {
        let down = emitted.latencies[Emitter.Phase.down.rawValue].quantile(share)
        let up = emitted.latencies[Emitter.Phase.up.rawValue].quantile(share)
        return up == 0 ? "-" : String(format: "%.2f", Double(down) / Double(up))
    }

    private func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
