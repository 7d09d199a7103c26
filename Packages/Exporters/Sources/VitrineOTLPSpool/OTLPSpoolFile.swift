// SPDX-License-Identifier: MIT OR Apache-2.0

/// A file of the spool: one request as it goes out, behind a header.
public struct OTLPSpoolFile: Sendable, Hashable {
    /// What the body is.
    public let header: OTLPSpoolHeader
    /// The request: binary protobuf, not compressed.
    public let body: [UInt8]

    /// Reads a whole file and checks it. Any bytes give a value or an error; memory is taken for the body only, after all
    /// checks.
    public init(reading bytes: Swift.Span<UInt8>) throws(OTLPSpoolFileError) {
        header = try OTLPSpoolHeader(reading: bytes)
        let count = bytes.count - OTLPSpoolHeader.byteCount
        guard header.bodyByteCount == UInt64(count) else {
            let (expected, isTooLarge) = header.bodyByteCount.addingReportingOverflow(UInt64(OTLPSpoolHeader.byteCount))
            throw .wrongByteCount(expected: isTooLarge ? .max : expected, actual: UInt64(bytes.count))
        }
        let content = bytes.extracting(OTLPSpoolHeader.byteCount..<bytes.count)
        guard SpoolChecksum.of(content) == header.bodyChecksum else { throw .damagedBody }
        var body: [UInt8] = []
        body.reserveCapacity(count)
        for index in content.indices { body.append(content[index]) }
        self.body = body
    }
}
