// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineOTLP
import VitrineOTLPSpool
import VitrineObservability

/// What of a file is sent in one request: all of it, or a part where that is too large and the spool has no room for halves.
struct RecoveredRequest: Sendable {
    let signal: OTLPSignal
    /// When the file was written.
    let time: Timestamp
    let body: [UInt8]
    /// How many records it has: of a whole file as its header says, of a part as they were found.
    let recordCount: Int
    /// How many records the file has left, with these.
    let restCount: Int
    /// Which part of the file's records it is; nil for all.
    let part: Range<Int>?

    /// - Parameter part: the records of a file that are next, if not all are; a file that cannot be taken apart is sent whole.
    init(_ file: OTLPSpoolFile, _ part: Range<Int>?) {
        signal = file.header.signal
        time = file.header.time
        if let part, let whole = try? OTLPRequestBody(reading: file.body, of: signal) {
            let found = part.clamped(to: 0..<whole.recordCount)
            body = whole.part(found).bytes
            recordCount = found.count
            restCount = whole.recordCount - found.lowerBound
            self.part = found
        } else {
            body = file.body
            recordCount = file.header.recordCount
            restCount = recordCount
            self.part = nil
        }
    }

    /// Whether the file is done with when this is.
    var isLast: Bool { recordCount == restCount }

    /// The part that is next when this is sent: as large, as the receiver took that.
    var next: Range<Int>? { part.map { $0.upperBound..<($0.upperBound + max(1, $0.count)) } }
}
