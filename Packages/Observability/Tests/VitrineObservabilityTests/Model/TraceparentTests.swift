// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineObservability

@Suite("traceparent")
struct TraceparentTests {
    @Test("is written and read as W3C trace context has it")
    func roundTrip() throws {
        let header = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        let context = try #require(SpanContext(traceparent: header))
        #expect(context.traceID.description == "4bf92f3577b34da6a3ce929d0e0e4736")
        #expect(context.spanID.description == "00f067aa0ba902b7")
        #expect(context.flags == .sampled)
        #expect(context.traceparent == header)
        let unsampled = SpanContext(traceID: context.traceID, spanID: context.spanID, flags: [])
        #expect(unsampled.traceparent.hasSuffix("-00"))
        #expect(SpanContext(traceparent: unsampled.traceparent) == unsampled)
        #expect(unsampled != context)
    }

    @Test("of a later version is read as far as it is known")
    func laterVersion() {
        let base = "4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
        #expect(SpanContext(traceparent: "01-\(base)") == SpanContext(traceparent: "00-\(base)"))
        #expect(SpanContext(traceparent: "cc-\(base)-what-comes") == SpanContext(traceparent: "00-\(base)"))
    }

    @Test(
        "that is invalid is none",
        arguments: [
            "", "00", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-x",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
            "0-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0g",
            " 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ])
    func invalid(_ header: String) {
        #expect(SpanContext(traceparent: header) == nil)
    }
}
