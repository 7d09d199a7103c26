// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineObservability

/// What no program should emit, and guests can: each on its own has to be taken by every receiver.
extension Sample {
    /// Texts.
    static var texts: [Sample] {
        let long = String(repeating: "0123456789abcdef", count: 4_096)
        // As the host reads a guest's bytes: what is not UTF-8 becomes U+FFFD.
        let bytes: [UInt8] = [0xC3, 0x28, 0xFF, 0xED, 0xA0, 0x80, 0xF4, 0x90, 0x80, 0x80, 0xC0, 0x80, 0x41]
        let repaired = String(decoding: bytes, as: UTF8.self)
        let controls = "a\u{0}b\u{1}\u{7F}\u{1B}[31m\r\n\t\u{2028}\u{202E}\u{FEFF}\u{FFFF}\u{10FFFF}"
        return [
            Sample("empty-names") {
                forward("", target: "", [Field("", 1), Field("kept", "")], status: .error(""))
                let context = newContext()
                forward("events", in: context, events: [event("", in: context), event("", name: "", in: context)])
                Telemetry.emit(event("", name: ""))
            },
            Sample("texts-of-64-kib") {
                forward(long, target: long, [Field(long, long)], status: .error(long))
                everywhere([Field("text", long)])
                Telemetry.emit(event(long, name: long))
            },
            Sample("repaired-utf8") {
                forward(repaired, target: repaired, [Field(repaired, repaired)], status: .error(repaired))
                everywhere([Field("text", repaired), Field("texts", [repaired, "", repaired])])
                Telemetry.emit(event(repaired, name: repaired))
            },
            Sample("control-characters") {
                forward(controls, target: controls, [Field(controls, controls)], status: .error(controls))
                everywhere([Field("text", controls), Field("texts", [controls, "\u{0}"])])
                Telemetry.emit(event(controls, name: controls))
            },
            Sample("beyond-the-bmp") {
                everywhere([Field("👩‍👩‍👧‍👦", "𝕿𐍈"), Field("e\u{301}\u{327}", "\u{E9}")])
                // The same to a person, and not the same keys.
                everywhere([Field("\u{E9}", 1), Field("e\u{301}", 2)])
            },
        ]
    }

    /// Numbers and times.
    static var numbers: [Sample] {
        [
            Sample("extreme-integers") {
                everywhere([
                    Field("least", Int64.min), Field("most", Int64.max), Field("unsigned", UInt64(1) << 63),
                    Field("largest", UInt64.max), Field("small", UInt64(Int64.max)),
                    Field("list", [Int64.min, 0, -1, Int64.max]),
                ])
            },
            Sample("extreme-doubles") {
                let values = [
                    .nan, .signalingNaN, .infinity, -.infinity, -0.0, .leastNonzeroMagnitude, .greatestFiniteMagnitude,
                    -.greatestFiniteMagnitude, .ulpOfOne, 0.1,
                ]
                everywhere(
                    values.enumerated().map { Field("double.\($0.offset)", $0.element) } + [Field("list", values)])
            },
            Sample("end-before-start") {
                forward(start: moment(5_000), end: moment(1_000))
                forward(start: moment(5_000), end: moment(5_000))
            },
            Sample("time-zero") {
                let context = newContext()
                let zero = Timestamp(nanosecondsSinceEpoch: 0)
                forward(in: context, start: zero, end: zero, events: [event("never", in: context, time: zero)])
                Telemetry.emit(event("never", time: zero))
            },
            Sample("time-without-end") {
                let context = newContext()
                let last = Timestamp(nanosecondsSinceEpoch: .max)
                forward(in: context, start: moment(), end: last, events: [event("late", in: context, time: last)])
                Telemetry.emit(event("late", time: last))
            },
            Sample("event-outside-its-span") {
                let context = newContext()
                let times = [moment(), moment(9_000)]
                forward(in: context, start: moment(1_000), events: times.map { event("early", in: context, time: $0) })
            },
        ]
    }

    /// Trees, identities and keys.
    static var shapes: [Sample] {
        [
            Sample("duplicated-keys") {
                everywhere([Field("key", 1), Field("other", 2), Field("key", "last"), Field("", 3), Field("", 4)])
                everywhere([
                    Field("vitrine.origin", "host"), Field("vitrine.target", "forged"), Field("vitrine.level", 7),
                    Field("code.file.path", "kept"),
                ])
            },
            Sample("least-identities") {
                let trace = TraceID(high: 0, low: 1) ?? .random()
                let least = SpanID(rawValue: 1) ?? .random()
                let most = SpanID(rawValue: .max) ?? .random()
                forward("least", in: SpanContext(traceID: trace, spanID: least))
                forward("most", in: SpanContext(traceID: trace, spanID: most), parent: least)
            },
            Sample("unknown-parent") { forward(parent: .random()) },
            Sample("reserved-flags") { forward(in: newContext(flags: TraceFlags(rawValue: 0xFF))) },
            Sample("deep-tree") {
                let trace = TraceID.random()
                var parent: SpanID?
                for _ in 0..<1_000 {
                    let context = SpanContext(traceID: trace, spanID: .random())
                    forward("deep", in: context, parent: parent)
                    parent = context.spanID
                }
            },
        ]
    }
}
