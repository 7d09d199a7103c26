// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation
import VitrineObservability
import VitrineObservabilityTesting
import VitrineTimelines

/// Writes both kinds of timelines and what is in them, for `Integration/timelines/check.py`: timeline-sample FOLDER
///
/// The folder gets `sample.json`, `sample.pftrace` and `expected.json`.
@main
enum TimelineSample {
    static func main() async throws {
        guard let folder = CommandLine.arguments.dropFirst().first else {
            print("timeline-sample FOLDER")
            exit(2)
        }
        let chrome = try ChromeTraceWriter(path: folder + "/sample.json")
        let perfetto = try PerfettoTraceWriter(path: folder + "/sample.pftrace")
        let memory = InMemorySubscriber()
        Telemetry.install(FanOut(memory, chrome, perfetto))

        SampleRecords.emit()
        SampleRecords.emitHostile()
        await SampleTasks.run()

        let registry = MetricsRegistry()
        let counter = registry.counter("sample_calls_total", help: "Calls.", labels: [("kind", "a \"b\"")])
        let gauge = registry.gauge("sample_heap_bytes", unit: .bytes, help: "Bytes.")
        let durations = registry.histogram("sample_seconds", unit: .seconds, help: "Durations.")
        var samples: [[String: Any]] = []
        for step in 0..<5 {
            counter.increment(by: UInt64(step))
            gauge.set(Double(step) * 1_024.5)
            durations.record(0.25)
            let time = SampleRecords.time(1_000_000 * UInt64(step))
            chrome.record(registry.snapshot(), at: time)
            perfetto.record(registry.snapshot(), at: time)
            samples.append([
                "ts": String(time.nanosecondsSinceEpoch), "total": step * (step + 1) / 2,
                "gauge": Double(step) * 1_024.5, "count": step + 1, "sum": 0.25 * Double(step + 1),
            ])
        }
        Telemetry.uninstall()
        chrome.close()
        perfetto.close()
        guard chrome.losses == TimelineLosses(), perfetto.losses == TimelineLosses() else {
            print("something was lost:", chrome.losses, perfetto.losses)
            exit(1)
        }

        let ended = Set(memory.spans.map(\.context))
        let open = memory.startedSpans.filter { !ended.contains($0.context) }
        let expected: [String: Any] = [
            "spans": memory.spans.map(Self.object), "open": open.map(Self.object),
            "events": memory.events.map(Self.object), "samples": samples,
        ]
        let data = try JSONSerialization.data(withJSONObject: expected, options: [.sortedKeys])
        try data.write(to: URL(filePath: folder + "/expected.json"))
    }

    private static func object(_ span: SpanRecord) -> [String: Any] {
        var object: [String: Any] = [
            "name": span.metadata.name, "category": span.metadata.target, "level": "\(span.metadata.level)",
            "origin": span.origin == .host ? "host" : "guest", "trace_id": "\(span.context.traceID)",
            "span_id": "\(span.context.spanID)", "ts": String(span.start.nanosecondsSinceEpoch),
            "fields": Self.object(span.fields), "links": span.links.map { "\($0.context.spanID)" },
            "kind": "\(span.kind)",
        ]
        object["dur"] = span.durationNanoseconds.map { String($0) }
        object["parent_span_id"] = span.parent.map { "\($0)" }
        if case .error(let description) = span.status { object["error"] = description }
        return object
    }

    private static func object(_ event: EventRecord) -> [String: Any] {
        var object: [String: Any] = [
            "name": event.message, "category": event.metadata.target, "level": "\(event.metadata.level)",
            "origin": event.origin == .host ? "host" : "guest", "ts": String(event.time.nanosecondsSinceEpoch),
            "fields": Self.object(event.fields),
        ]
        object["span_id"] = event.context.map { "\($0.spanID)" }
        return object
    }

    private static func object(_ fields: [Field]) -> [String: Any] {
        var object: [String: Any] = [:]
        for field in fields {
            object[field.key] =
                switch field.value {
                case .bool(let value): value
                case .int64(let value): String(value)
                case .uint64(let value): String(value)
                case .double(let value): value
                case .string(let value): value
                case .bools(let values): values
                case .int64s(let values): values.map { String($0) }
                case .doubles(let values): values
                case .strings(let values): values
                }
        }
        return object
    }
}
