// SPDX-License-Identifier: MIT OR Apache-2.0

/// The header of a trace file: which guest, which clock, who wrote it.
public struct TraceFileHeader: Hashable, Sendable {
    /// The guest's GNU build-id; empty when it has none. At most 32 bytes are kept.
    public var buildID: [UInt8]
    /// Nanoseconds from 1970-01-01T00:00:00Z to time 0 of the records.
    public var epochNanoseconds: UInt64
    /// Who wrote the file, for example "vitrine 0.1.0"; at most 24 bytes of UTF-8 are kept.
    public var producer: String

    /// Makes a header from its parts.
    public init(buildID: [UInt8], epochNanoseconds: UInt64, producer: String) {
        self.buildID = buildID
        self.epochNanoseconds = epochNanoseconds
        self.producer = producer
    }

    /// The header as it stands in a file.
    var encoded: [UInt8] {
        let buildID = self.buildID.prefix(TraceFileFormat.maximumBuildIDByteCount)
        var bytes = TraceFileFormat.magic
        bytes.reserveCapacity(TraceFileFormat.headerByteCount)
        bytes.appendLittleEndian(TraceFileFormat.version)
        bytes.appendLittleEndian(TraceFileFormat.byteOrderMark)
        bytes.appendLittleEndian(UInt32(TraceFileFormat.headerByteCount))
        bytes.appendLittleEndian(UInt32(buildID.count))
        bytes.appendLittleEndian(TraceFileFormat.ticksPerSecond)
        bytes.appendLittleEndian(epochNanoseconds)
        bytes += buildID
        bytes += repeatElement(0, count: TraceFileFormat.maximumBuildIDByteCount - buildID.count)
        let producer = Self.prefix(of: producer)
        bytes += producer
        bytes += repeatElement(0, count: TraceFileFormat.maximumProducerByteCount - producer.count)
        bytes.appendLittleEndian(UInt32(0))
        var checksum = CRC32C()
        checksum.update(bytes.span, 0..<bytes.count)
        bytes.appendLittleEndian(checksum.value)
        return bytes
    }

    /// Reads the header at the start of `bytes`. Total: a header or an error for any bytes.
    init(parsing bytes: [UInt8]) throws(TraceFileError) {
        guard bytes.starts(with: TraceFileFormat.magic) else {
            if TraceFileFormat.magic.starts(with: bytes) { throw .tooShort(byteCount: bytes.count) }
            throw .notATraceFile
        }
        guard bytes.count >= TraceFileFormat.headerByteCount,
            let version = bytes.littleEndian(UInt16.self, at: 4),
            let mark = bytes.littleEndian(UInt16.self, at: 6),
            let byteCount = bytes.littleEndian(UInt32.self, at: 8),
            let buildIDByteCount = bytes.littleEndian(UInt32.self, at: 12),
            let ticksPerSecond = bytes.littleEndian(UInt64.self, at: 16),
            let epoch = bytes.littleEndian(UInt64.self, at: 24),
            let expected = bytes.littleEndian(UInt32.self, at: TraceFileFormat.headerChecksumOffset)
        else { throw .tooShort(byteCount: bytes.count) }
        guard mark != TraceFileFormat.byteOrderMark.byteSwapped else { throw .wrongByteOrder }
        guard version == TraceFileFormat.version else { throw .unsupportedVersion(version) }
        var checksum = CRC32C()
        checksum.update(bytes.span, 0..<TraceFileFormat.headerChecksumOffset)
        guard checksum.value == expected, mark == TraceFileFormat.byteOrderMark,
            byteCount == UInt32(TraceFileFormat.headerByteCount),
            buildIDByteCount <= UInt32(TraceFileFormat.maximumBuildIDByteCount),
            ticksPerSecond == TraceFileFormat.ticksPerSecond
        else { throw .damagedHeader }
        let producer = bytes[64..<(64 + TraceFileFormat.maximumProducerByteCount)].prefix { $0 != 0 }
        self.init(
            buildID: Array(bytes[32..<(32 + Int(buildIDByteCount))]),
            epochNanoseconds: epoch,
            producer: String(decoding: producer, as: UTF8.self)
        )
    }

    /// The longest prefix of whole characters that fits the producer's field.
    private static func prefix(of producer: String) -> [UInt8] {
        var bytes: [UInt8] = []
        for character in producer {
            let next = Array(String(character).utf8)
            if bytes.count + next.count > TraceFileFormat.maximumProducerByteCount { break }
            bytes += next
        }
        return bytes
    }
}
