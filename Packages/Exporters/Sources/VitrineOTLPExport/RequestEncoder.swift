// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization
import VitrineOTLP
import VitrineObservability

/// Makes the bodies of a signal's requests, in memory that it keeps.
///
/// Used by the signal's own thread, and at the end by the one that spools what is left: that may find the other in a request,
/// which keeps nothing here locked.
final class RequestEncoder: Sendable {
    private struct Memory: ~Copyable, Sendable {
        var encoder: OTLPEncoder
        var body: [UInt8] = []
    }

    private let memory: Mutex<Memory>
    private let retainedByteCount: Int

    init(_ configuration: OTLPExportConfiguration, _ resource: OTLPResource) throws(OTLPEncodingError) {
        retainedByteCount = max(0, configuration.encoding.retainedByteCount)
        memory = Mutex(
            Memory(
                encoder: try OTLPEncoder(
                    resource: resource, scope: configuration.scope, limits: configuration.encoding,
                    details: configuration.details)))
    }

    /// How much memory it keeps.
    var heldByteCount: Int { memory.withLock { $0.body.capacity + $0.encoder.heldByteCount } }

    func encode(_ spans: [OTLPSpan]) throws(OTLPEncodingError) -> [UInt8] {
        try make { (encoder, body) throws(OTLPEncodingError) in try encoder.appendTraces(spans.span, to: &body) }
    }

    func encode(_ events: [EventRecord]) throws(OTLPEncodingError) -> [UInt8] {
        try make { (encoder, body) throws(OTLPEncodingError) in try encoder.appendLogs(events.span, to: &body) }
    }

    func encode(_ batch: MetricsBatch, of source: OTLPMetricsSource) throws(OTLPEncodingError) -> [UInt8] {
        try make { (encoder, body) throws(OTLPEncodingError) in
            try encoder.appendMetrics(batch.families, from: source.start, to: batch.time, into: &body)
        }
    }

    private func make(
        _ append: (inout OTLPEncoder, inout [UInt8]) throws(OTLPEncodingError) -> Void
    ) throws(OTLPEncodingError) -> [UInt8] {
        try memory.withLock { memory throws(OTLPEncodingError) in
            memory.body.removeAll(keepingCapacity: true)
            try append(&memory.encoder, &memory.body)
            let made = memory.body
            // One large request is no reason to keep its memory for ever.
            if memory.body.capacity > retainedByteCount { memory.body = [] }
            return made
        }
    }
}
