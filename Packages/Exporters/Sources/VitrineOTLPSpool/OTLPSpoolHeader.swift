// SPDX-License-Identifier: MIT OR Apache-2.0

public import VitrineOTLP
public import VitrineObservability

/// What stands before the body in a file of the spool: 40 bytes, numbers little-endian.
///
/// | offset | bytes | |
/// |---|---|---|
/// | 0 | 8 | `VTRNOTLP` |
/// | 8 | 2 | version, 1 |
/// | 10 | 1 | signal: 1 traces, 2 metrics, 3 logs |
/// | 11 | 1 | 0 |
/// | 12 | 4 | how many records the body has |
/// | 16 | 8 | when it was written, in nanoseconds since 1970 |
/// | 24 | 8 | how many bytes the body has |
/// | 32 | 4 | CRC-32 of the body, as gzip's |
/// | 36 | 4 | CRC-32 of the 36 bytes before |
public struct OTLPSpoolHeader: Sendable, Hashable {
    /// How many bytes it has.
    public static let byteCount = 40
    /// The version that is written, and the only one that is read.
    public static let version: UInt16 = 1

    /// What the body is a request of.
    public let signal: OTLPSignal
    /// How many spans, data points or log records the body has.
    public let recordCount: Int
    /// When it was written.
    public let time: Timestamp
    /// How many bytes the body has.
    public let bodyByteCount: UInt64
    /// The checksum of the body.
    public let bodyChecksum: UInt32

    private static let magic = Array("VTRNOTLP".utf8)

    /// The header of a body.
    ///
    /// - Parameter recordCount: from 0 to the body's bytes, as no record has none; what is beyond is taken for that.
    public init(_ signal: OTLPSignal, recordCount: Int, time: Timestamp, body: Swift.Span<UInt8>) {
        self.signal = signal
        self.recordCount = min(max(0, recordCount), min(body.count, Int(UInt32.max)))
        self.time = time
        bodyByteCount = UInt64(body.count)
        bodyChecksum = SpoolChecksum.of(body)
    }

    /// Reads the header of a file; what comes behind it is not looked at. Any bytes give a value or an error.
    public init(reading bytes: Swift.Span<UInt8>) throws(OTLPSpoolFileError) {
        guard bytes.count >= Self.byteCount else { throw .truncated(byteCount: bytes.count) }
        for index in Self.magic.indices where bytes[index] != Self.magic[index] { throw .foreign }
        let version = UInt16(Self.number(bytes, at: 8, byteCount: 2))
        // Before the checksum: another version may have it elsewhere.
        guard version == Self.version else { throw .version(version) }
        let checksum = UInt32(Self.number(bytes, at: 36, byteCount: 4))
        guard SpoolChecksum.of(bytes.extracting(0..<36)) == checksum else { throw .damagedHeader }
        guard let signal = OTLPSignal(spoolNumber: bytes[10]), bytes[11] == 0 else { throw .malformed }
        let recordCount = Self.number(bytes, at: 12, byteCount: 4)
        bodyByteCount = Self.number(bytes, at: 24, byteCount: 8)
        guard recordCount <= bodyByteCount else { throw .malformed }
        self.signal = signal
        self.recordCount = Int(recordCount)
        time = Timestamp(nanosecondsSinceEpoch: Self.number(bytes, at: 16, byteCount: 8))
        bodyChecksum = UInt32(Self.number(bytes, at: 32, byteCount: 4))
    }

    /// The bytes of the file before its body.
    public var bytes: [UInt8] {
        var bytes = Self.magic
        bytes.reserveCapacity(Self.byteCount)
        Self.append(UInt64(Self.version), byteCount: 2, to: &bytes)
        bytes += [signal.spoolNumber, 0]
        Self.append(UInt64(recordCount), byteCount: 4, to: &bytes)
        Self.append(time.nanosecondsSinceEpoch, byteCount: 8, to: &bytes)
        Self.append(bodyByteCount, byteCount: 8, to: &bytes)
        Self.append(UInt64(bodyChecksum), byteCount: 4, to: &bytes)
        Self.append(UInt64(SpoolChecksum.of(bytes.span)), byteCount: 4, to: &bytes)
        return bytes
    }

    private static func number(_ bytes: Swift.Span<UInt8>, at offset: Int, byteCount: Int) -> UInt64 {
        (0..<byteCount).reduce(0) { $0 | UInt64(bytes[offset + $1]) << UInt64(8 * $1) }
    }

    private static func append(_ number: UInt64, byteCount: Int, to bytes: inout [UInt8]) {
        for index in 0..<byteCount { bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * index))) }
    }
}

extension OTLPSignal {
    var spoolNumber: UInt8 {
        switch self {
        case .traces: 1
        case .metrics: 2
        case .logs: 3
        }
    }

    init?(spoolNumber: UInt8) {
        switch spoolNumber {
        case 1: self = .traces
        case 2: self = .metrics
        case 3: self = .logs
        default: return nil
        }
    }
}
