// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineObservability

@Suite("MetricName.suffixed")
struct MetricNameSuffixTests {
    @Test(
        "puts unit and total behind a name, each once",
        arguments: [
            ("call.duration", .seconds, .histogram, "call_duration_seconds"),
            ("call_duration_seconds", .seconds, .histogram, "call_duration_seconds"),
            ("seconds", .seconds, .gauge, "seconds"),
            ("read", .bytes, .counter, "read_bytes_total"),
            ("read_bytes", .bytes, .counter, "read_bytes_total"),
            ("read_total", .bytes, .counter, "read_bytes_total"),
            ("read_bytes_total", .bytes, .counter, "read_bytes_total"),
            ("calls", "{call}", .counter, "calls_total"),
            ("calls", .none, .upDownCounter, "calls"),
            ("calls", .one, .counter, "calls_total"),
            ("load", .one, .gauge, "load_ratio"),
            ("wait", "ms", .exponentialHistogram, "wait_milliseconds"),
            ("9 lives", .none, .counter, "_9_lives_total"),
            ("x", "furlong", .gauge, "x"),
        ] as [(String, MetricUnit, MetricKind, String)]
    )
    func names(_ name: String, _ unit: MetricUnit, _ kind: MetricKind, _ expected: String) {
        #expect(MetricName.suffixed(name, unit: unit, kind: kind) == expected)
        #expect(MetricName.suffixed(expected, unit: unit, kind: kind) == expected)
        let descriptor = MetricDescriptor(name, unit: unit, help: "H").suffixed(for: kind)
        #expect(descriptor == MetricDescriptor(expected, unit: unit, help: "H"))
    }

    @Test("has words for the units that have some")
    func words() {
        #expect(MetricUnit.seconds.word == "seconds")
        #expect(MetricUnit.bytes.word == "bytes")
        #expect(MetricUnit("{call}").word == nil)
        #expect(MetricUnit.none.word == nil)
    }
}
