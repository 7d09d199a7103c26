// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineObservability

/// Spans and events with times of their own, as a host hands on those of its guests.
enum SampleRecords {
    /// Somebody's clock began then.
    private static let start = Timestamp.now.nanosecondsSinceEpoch

    static func time(_ nanoseconds: UInt64) -> Timestamp { Timestamp(nanosecondsSinceEpoch: start + nanoseconds) }

    /// A span that is open, to be ended by `end`.
    struct Open {
        var record: SpanRecord

        init(
            _ name: String, in parent: Open? = nil, _ origin: SpanOrigin = .host, at nanoseconds: UInt64,
            _ fields: [Field] = [], kind: SpanKind = .internal, links: [SpanLink] = [], level: Level = .info
        ) {
            record = SpanRecord(
                context: SpanContext(
                    traceID: parent?.record.context.traceID ?? .random(), spanID: .random()),
                parent: parent?.record.context.spanID,
                metadata: Metadata(name: name, target: "sample.\(origin)", level: level, kind: .span),
                origin: origin, kind: kind, start: SampleRecords.time(nanoseconds), fields: fields, links: links)
            Telemetry.spanDidStart(record)
        }

        mutating func end(at nanoseconds: UInt64, _ status: SpanStatus = .unset) {
            record.end = SampleRecords.time(nanoseconds)
            record.status = status
            Telemetry.spanDidEnd(record)
        }

        func say(_ message: String, at nanoseconds: UInt64, _ fields: [Field] = []) {
            Telemetry.emit(
                EventRecord(
                    context: record.context, metadata: Metadata(name: "event", target: "sample", level: .warn),
                    origin: record.origin, time: SampleRecords.time(nanoseconds), message: message, fields: fields))
        }
    }

    /// Two sandboxes that work at the same time, with calls back into the host, and spans that begin and end together.
    static func emit() {
        for sandbox: UInt64 in 1...2 {
            let base = 100_000 * sandbox
            var call = Open("call", at: base, [Field("sandbox.id", .uint64(sandbox))])
            var enter = Open("call-to-guest", in: call, at: base + 1)
            // Begins with its parent, to the nanosecond, and so does its child: bounded times of guests do.
            var request = Open("handle_request", in: enter, .guest, at: base + 10, [Field("path", "/")])
            var first = Open("parse", in: request, .guest, at: base + 10)
            first.say("parsed", at: base + 10, [Field("bytes", 12)])
            var inner = Open("lex", in: first, .guest, at: base + 10)
            inner.end(at: base + 10)
            first.end(at: base + 500)
            var out = Open("call-to-host", in: request, at: base + 600, kind: .client)
            var multiply = Open("multiply", in: out, at: base + 700)
            multiply.end(at: base + 800, .error("too large"))
            out.end(at: base + 900, .error("too large"))
            request.end(at: base + 250_000)
            enter.end(at: base + 250_000)
            call.end(at: base + 250_001)
        }
        var parent = Open("outlived", at: 600_000)
        var child = Open("outlives", in: parent, at: 600_100)
        var grandchild = Open("inside", in: child, at: 600_150)
        grandchild.end(at: 600_180)
        parent.end(at: 600_200)
        child.end(at: 600_900)
        // Ended as of a time before what is inside of it ended.
        var early = Open("ended early", at: 700_000)
        var late = Open("ended late", in: early, at: 700_100)
        late.end(at: 700_900)
        early.end(at: 700_500)
        _ = Open("still open", at: 800_000, [Field("n", 1)])
    }

    /// What a guest may say, and values of all kinds.
    static func emitHostile() {
        let other = Open("linked", at: 810_000)
        var span = Open(
            "\"}],\n{\"ph\":\"M\" <b>é\u{202E}\u{1F600}", .guest, at: 820_000,
            [
                Field("level", "forged"), Field("trace_id", "forged"), Field("", "empty key"),
                Field("dots.and[brackets]", true), Field("big", .int64(.min)), Field("unsigned", .uint64(.max)),
                Field("half", 0.5), Field("ints", .int64s([1, -2])), Field("texts", .strings(["a", "\"b\",\\"])),
                Field("flags", .bools([true, false])), Field("numbers", .doubles([1.5, 2.5])),
            ], kind: .server, links: [SpanLink(other.record.context, [Field("why", "batch")])], level: .trace)
        span.say("\u{1b}[2J and \"quotes\" \\ ", at: 820_010)
        span.end(at: 820_100, .ok)
        Telemetry.emit(
            EventRecord(
                context: nil, metadata: Metadata(name: "event", target: "sample", level: .error), origin: .guest,
                time: time(830_000), message: "outside of all spans"))
    }
}
