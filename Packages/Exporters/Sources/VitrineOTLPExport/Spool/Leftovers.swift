// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineOTLP
import VitrineObservability

/// Records of one request, which may go out in two.
protocol DivisibleBatch: Sendable {
    var recordCount: Int { get }
    /// The same in two; nil if there is only one record.
    var halves: (Self, Self)? { get }
}

extension RecordBatch: DivisibleBatch {
    var recordCount: Int { records.count }
}

extension MetricsBatch: DivisibleBatch {
    var recordCount: Int { pointCount }
}

/// What is done with the batches of a signal that are left at the end.
struct Leftovers<Batch: DivisibleBatch> {
    let signal: OTLPSignal
    /// Makes the body of a request.
    let encode: (Batch) throws(OTLPEncodingError) -> [UInt8]
    /// Counts a batch as spooled, or as lost for a reason.
    let settle: (Batch, OTLPDropReason?) -> Void

    init(
        _ signal: OTLPSignal,
        encode: @escaping (Batch) throws(OTLPEncodingError) -> [UInt8],
        settle: @escaping (Batch, OTLPDropReason?) -> Void
    ) {
        self.signal = signal
        self.encode = encode
        self.settle = settle
    }
}
