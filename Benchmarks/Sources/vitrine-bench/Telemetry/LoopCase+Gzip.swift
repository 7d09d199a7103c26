// SPDX-License-Identifier: MIT OR Apache-2.0

import BenchmarkHarness
import CBenchmarkProbes
import Synchronization
import VitrineGzip
import VitrineOTLP
import VitrineObservability

extension LoopCase {
    static let gzip = [
        LoopCase(
            name: "gzip_512", summary: "a request of 512 spans with 8 fields and 2 events, compressed",
            goal: 1.5 * Double(CompressedRequest.spanCount), countedOperations: 10, unit: .microseconds
        ) {
            guard let request = try? CompressedRequest() else {
                return Sides(subject: .plain { _ in }, isRight: { false })
            }
            return Sides(subject: .plain(request.compress), isRight: { request.isSmallEnough })
        }
    ]
}

/// A request that is compressed again and again into the same buffer.
private final class CompressedRequest: Sendable {
    static let spanCount = 512
    /// The least that gzip has to gain.
    private static let leastRatio = 8

    private struct State: ~Copyable, Sendable {
        var encoder: GzipEncoder
        var bytes: [UInt8] = []
    }

    private let request: [UInt8]
    private let state: Mutex<State>

    init() throws {
        request = try Self.request()
        let encoder = try GzipEncoder()
        state = Mutex(State(encoder: encoder))
    }

    private static func request() throws -> [UInt8] {
        var bytes: [UInt8] = []
        var encoder = try OTLPEncoder(resource: OTLPResource(serviceName: "shop"), details: [])
        let spans = (0..<spanCount).map(span)
        try encoder.appendTraces(spans.span, to: &bytes)
        return bytes
    }

    /// Whether there is a request of about 442 bytes a span, and it became small enough.
    var isSmallEnough: Bool {
        (420...460).contains(request.count / Self.spanCount)
            && state.withLock { !$0.bytes.isEmpty && $0.bytes.count * Self.leastRatio <= request.count }
    }

    @Sendable
    func compress(_ count: Int) {
        let request = request
        state.withLock { state in
            for _ in 0..<count {
                state.bytes.removeAll(keepingCapacity: true)
                do { try state.encoder.append(request.span, to: &state.bytes) } catch {
                    state.bytes = []
                    return
                }
                loop_barrier(Int64(state.bytes.count))
            }
        }
    }

    /// A span as a web server makes it: the same names again and again, and values that differ in some.
    private static func span(_ index: Int) -> OTLPSpan {
        let start = Timestamp(nanosecondsSinceEpoch: 1_764_000_000_000_000_000 + UInt64(index) * 1_234_567)
        let number = UInt64(index) &* 0x9E37_79B9_7F4A_7C15
        let context = SpanContext(
            traceID: TraceID(high: number, low: ~number) ?? .random(),
            spanID: SpanID(rawValue: number | 1) ?? .random(),
            flags: .sampled)
        let fields = [
            Field("http.request.method", index % 4 == 0 ? "POST" : "GET"), Field("http.route", "/items/{id}"),
            Field("url.path", "/items/\(index)"),
            Field("http.response.status_code", index % 50 == 0 ? 500 : 200),
            Field("server.address", "shop.local"), Field("network.peer.port", 40_000 + index),
            Field("cache.hit", index % 3 == 0), Field("ratio", Double(index) / 7),
        ]
        let record = SpanRecord(
            context: context, parent: nil,
            metadata: Metadata(name: "GET /items", target: "shop", level: .info, kind: .span),
            kind: .server, start: start, end: start, fields: fields)
        let events = ["query", "render"].map { name in
            EventRecord(
                context: context, metadata: Metadata(name: name, target: "shop", level: .debug), time: start,
                message: "",
                fields: [Field("rows", index % 20), Field("step", name)])
        }
        return OTLPSpan(record, events: events)
    }
}
