// SPDX-License-Identifier: MIT OR Apache-2.0

import CVitrineOTLP
import VitrineObservability

/// The messages of one request in C, which are reused for the next. Everything that is given is copied.
///
/// All pointers are in this file and in its extensions: each is lent to C for a call that keeps none.
@safe
struct RequestBatch: ~Copyable, @unchecked Sendable {
    // SAFETY, of all below: the batch is freed once, by its only owner, whose methods are the only ones that use it, one at a
    // time. So it may go from thread to thread. C reads texts and arrays only during the calls that lend them.

    let batch: OpaquePointer

    /// An empty batch; nil if there is no memory.
    init?(retainedByteCount: Int) {
        let seed = UInt64.random(in: .min ... .max)
        guard let batch = unsafe vitrine_otlp_batch_create(max(0, retainedByteCount), seed) else { return nil }
        unsafe self.batch = batch
    }

    deinit { unsafe vitrine_otlp_batch_destroy(batch) }

    /// How much memory it holds.
    var heldByteCount: Int { unsafe vitrine_otlp_held_bytes(batch) }

    /// Begins a request with its resource and its scope.
    func begin(
        _ signal: OTLPSignal, recordCapacity: Int, maximumByteCount: Int, _ resource: OTLPResource, _ scope: OTLPScope
    ) {
        unsafe vitrine_otlp_begin(batch, signal.cValue, recordCapacity, max(0, maximumByteCount))
        let resourceAttributes = vitrine_otlp_attributes(capacity: resource.fields.count, dropped: 0)
        unsafe Self.lend(resource.schemaURL) { unsafe vitrine_otlp_resource(batch, $0, resourceAttributes) }
        add(resource.fields.span, valueLimit: .max)
        let scopeAttributes = vitrine_otlp_attributes(capacity: scope.fields.count, dropped: 0)
        unsafe Self.lend(scope.name, scope.version) { name, version in
            unsafe Self.lend(scope.schemaURL) { unsafe vitrine_otlp_scope(batch, name, version, $0, scopeAttributes) }
        }
        add(scope.fields.span, valueLimit: .max)
    }

    /// Appends the bytes of the request.
    func pack(into bytes: inout [UInt8], maximumByteCount: Int) throws(OTLPEncodingError) {
        switch unsafe vitrine_otlp_failure(batch) {
        case VITRINE_OTLP_NO_MEMORY: throw .noMemory
        case VITRINE_OTLP_TOO_LARGE: throw .tooLarge(maximumByteCount: maximumByteCount)
        default: break
        }
        bytes.append(addingCapacity: unsafe vitrine_otlp_bound(batch)) { output in
            unsafe output.withUnsafeMutableBufferPointer { buffer, count in
                guard let start = buffer.baseAddress else { return }
                count += unsafe vitrine_otlp_pack(batch, start + count, buffer.count - count)
            }
        }
    }

    /// Lends a text to C.
    @inline(__always)
    static func lend(_ text: String, _ body: (vitrine_otlp_text) -> Void) {
        unsafe text.utf8.span.withUnsafeBufferPointer {
            unsafe body(vitrine_otlp_text(bytes: $0.baseAddress, count: $0.count))
        }
    }

    /// Lends two texts to C.
    @inline(__always)
    static func lend(_ first: String, _ second: String, _ body: (vitrine_otlp_text, vitrine_otlp_text) -> Void) {
        unsafe lend(first) { first in unsafe lend(second) { second in unsafe body(first, second) } }
    }

    /// A text of the program.
    @inline(__always)
    static func text(_ text: StaticString) -> vitrine_otlp_text {
        unsafe vitrine_otlp_text(bytes: text.utf8Start, count: text.utf8CodeUnitCount)
    }
}

extension OTLPSignal {
    var cValue: vitrine_otlp_signal {
        switch self {
        case .traces: VITRINE_OTLP_TRACES
        case .metrics: VITRINE_OTLP_METRICS
        case .logs: VITRINE_OTLP_LOGS
        }
    }
}

extension vitrine_otlp_context {
    /// A span's identity, or none.
    @inline(__always)
    init(_ context: SpanContext?) {
        guard let context else {
            self.init()
            return
        }
        self.init(
            trace_high: context.traceID.high, trace_low: context.traceID.low, span: context.spanID.rawValue,
            flags: UInt32(context.flags.rawValue))
    }
}
