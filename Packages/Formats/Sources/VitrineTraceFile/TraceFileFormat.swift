// SPDX-License-Identifier: MIT OR Apache-2.0

/// The layout of an allocation trace file, version 1: every constant that the writer and the reader share.
///
/// All integers are little-endian, whatever the machine; all parts begin at a multiple of 8 bytes. A file is a header,
/// then chunks one after another:
///
/// ```
/// header  96 bytes
///   0   4  magic "VTRC"
///   4   2  version (1)
///   6   2  byte order mark 0xFEFF
///   8   4  byte count of the header (96)
///  12   4  byte count of the build id (0...32)
///  16   8  ticks per second of every time in the file (1 000 000 000)
///  24   8  epoch: nanoseconds from 1970-01-01T00:00:00Z to time 0
///  32  32  build id of the guest (GNU build-id note), zeros behind it
///  64  24  producer: UTF-8, zeros behind it
///  88   4  zero
///  92   4  CRC-32C of bytes 0..<92
///
/// chunk   24 bytes, then the payload (a multiple of 8 bytes)
///   0   8  marker "VTRCHUNK"
///   8   4  type: 1 records, 2 end; a reader skips a type it does not know
///  12   4  byte count of the payload (at most 1 MiB)
///  16   4  zero
///  20   4  CRC-32C of bytes 0..<20, then of the payload
///
/// record  (payload of a records chunk: records one after another)
///   0   1  kind
///   1   1  flags: 1 the stack was cut
///   2   2  stack: frame count; dropped: reason; else 0
///   4   4  stack id (0: no stack); dropped: 0
///   8      1 allocation: u64 time, u64 address, u64 byte count
///          2 free:       u64 time, u64 address
///          3 stack:      u64 frames, innermost first
///          4 dropped:    u64 count of records that are not in the file
///
/// end     u64 count of allocation, free and dropped records in the file
/// ```
///
/// A stack is defined before the first record that names it and may be defined again. A file without an end chunk was
/// cut short: what is there is still good. `docs/trace-file.md` says the same in prose, with the reasons.
public enum TraceFileFormat {
    /// The version this module writes and reads. Bumped by every change of a byte.
    public static let version: UInt16 = 1
    /// Frames kept of one stack; deeper stacks are cut at the outer end and flagged.
    public static let maximumFrameCount = 255
    /// Bytes kept of a build id. GNU build-ids have 20 (SHA-1) or 16 (MD5).
    public static let maximumBuildIDByteCount = 32
    /// Bytes kept of the producer's name.
    public static let maximumProducerByteCount = 24

    static let magic: [UInt8] = Array("VTRC".utf8)
    static let byteOrderMark: UInt16 = 0xFEFF
    static let headerByteCount = 96
    static let headerChecksumOffset = 92
    static let ticksPerSecond: UInt64 = 1_000_000_000

    static let chunkMarker: [UInt8] = Array("VTRCHUNK".utf8)
    static let chunkHeaderByteCount = 24
    static let chunkChecksumOffset = 20
    static let maximumPayloadByteCount = 1 << 20

    /// The types of chunks.
    enum ChunkType {
        static let records: UInt32 = 1
        static let end: UInt32 = 2
    }

    /// The kinds of records.
    enum RecordKind {
        static let allocation: UInt8 = 1
        static let free: UInt8 = 2
        static let stack: UInt8 = 3
        static let dropped: UInt8 = 4
    }

    /// The flag of a stack record that has lost its outer frames.
    static let stackCutFlag: UInt8 = 1
    static let recordHeadByteCount = 8
    static let allocationByteCount = 32
    static let freeByteCount = 24
    static let droppedByteCount = 16
    static let endByteCount = 8

    /// Bytes of a stack record of `frameCount` frames.
    static func stackByteCount(frameCount: Int) -> Int { recordHeadByteCount + frameCount * 8 }
}
