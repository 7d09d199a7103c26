// SPDX-License-Identifier: MIT OR Apache-2.0

import BenchmarkHarness
import CBenchmarkProbes
import COTLPFloor
import Synchronization
import VitrineOTLP
import VitrineObservability

extension LoopCase {
    static let otlp = encoding + exporting

    private static let encoding = [
        LoopCase(
            name: "otlp_encode", summary: "512 spans with 8 fields and two events each as a request of OTLP",
            goal: 512 * 2, countedOperations: 20, unit: .microseconds
        ) {
            let batch = SpanBatch()
            return Sides(subject: .plain(batch.encode), isRight: { batch.isRight })
        },
        LoopCase(
            name: "otlp_encode_floor",
            summary: "the same, beside the same messages made and packed by protobuf-c alone",
            ratioGoal: 1.25, countedOperations: 20, unit: .microseconds
        ) {
            let batch = SpanBatch()
            let floor = Loop.plain { _ = otlp_floor_run(Int64($0)) }
            return Sides(
                subject: .plain(batch.encode), peer: Peer(name: "protobuf-c", loop: floor),
                isRight: { batch.isRight && otlp_floor_is_equal() })
        },
    ]
}

/// Spans as an exporter has them, and what they become.
private final class SpanBatch: Sendable {
    private struct State: ~Copyable {
        var encoder: OTLPEncoder?
        var bytes: [UInt8] = []
    }

    private let state: Mutex<State>
    private let spans = (0..<512).map { SpanBatch.span($0) }
    /// What the floor has got, too.
    private let request: [UInt8]

    init() {
        let resource = OTLPResource(serviceName: "kitchen")
        state = Mutex(State(encoder: try? OTLPEncoder(resource: resource, details: [])))
        var request: [UInt8] = []
        if var encoder = try? OTLPEncoder(resource: resource, details: []) {
            Self.append(spans, to: &request, by: &encoder)
        }
        self.request = request
        // SAFETY: the bytes are there during the call, which copies them.
        isFloorSet = unsafe request.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return false }
            return unsafe otlp_floor_set(start, buffer.count)
        }
    }

    private let isFloorSet: Bool

    /// Whether the same was made each time.
    var isRight: Bool { isFloorSet && state.withLock { $0.bytes == request } }

    @Sendable
    func encode(_ count: Int) {
        let spans = spans
        state.withLock { state in
            guard var encoder = state.encoder.take() else { return }
            for _ in 0..<count {
                state.bytes.removeAll(keepingCapacity: true)
                Self.append(spans, to: &state.bytes, by: &encoder)
                loop_barrier(Int64(state.bytes.count))
            }
            state.encoder = consume encoder
        }
    }

    /// Leaves the buffer as it is if that fails, which shows.
    private static func append(_ spans: [OTLPSpan], to bytes: inout [UInt8], by encoder: inout OTLPEncoder) {
        do throws(OTLPEncodingError) { try encoder.appendTraces(spans.span, to: &bytes) } catch {}
    }

    private static func span(_ number: Int) -> OTLPSpan {
        let start = Timestamp(nanosecondsSinceEpoch: 1_764_000_000_000_000_000 + UInt64(number) * 1_000)
        let context = SpanContext(
            traceID: TraceID(high: 0x0123_4567_89AB_CDEF, low: UInt64(number / 16) + 1) ?? .random(),
            spanID: SpanID(rawValue: UInt64(number) &* 0x9E37_79B9_7F4A_7C15 | 1) ?? .random())
        let record = SpanRecord(
            context: context, parent: SpanID(rawValue: 77),
            metadata: Metadata(name: "GET /items/{id}", target: "kitchen", level: .info, kind: .span), kind: .server,
            start: start, end: Timestamp(nanosecondsSinceEpoch: start.nanosecondsSinceEpoch + 250_000),
            fields: [
                Field("http.request.method", "GET"), Field("url.path", "/items/\(number)"),
                Field("http.response.status_code", 200), Field("server.address", "kitchen.example.org"),
                Field("server.port", 8_080), Field("user_agent.original", "curl/7.88.1"),
                Field("network.latency", 0.25), Field("cache.hit", number % 2 == 0),
            ])
        let events = ["cache looked up", "row read"].map { name in
            EventRecord(
                context: context, metadata: Metadata(name: "event", target: "kitchen", level: .info), time: start,
                message: name, fields: [Field("rows", number), Field("table", "items")])
        }
        return OTLPSpan(record, events: events)
    }
}
