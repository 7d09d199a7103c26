// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineTraceFile

/// The fuzzer's entry: any file gives records and notices, or an error; never more items than it has bytes.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzTraceFile(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    // SAFETY: the fuzzer lends `count` bytes for the time of the call; they are copied.
    var bytes = unsafe [UInt8](UnsafeBufferPointer(start: start, count: count))
    readAll(bytes)
    // Nearly every damage ends at a checksum: with the right ones the fuzzer gets behind them.
    mendChecksums(&bytes)
    readAll(bytes)
    return 0
}

func readAll(_ bytes: [UInt8]) {
    guard var reader = try? TraceFileReader(parsing: bytes) else { return }
    var items = 0
    while reader.next() != nil {
        items += 1
    }
    precondition(items <= bytes.count + 2)
}

/// Sets the checksums of the header and of each chunk, whose layout is told in `TraceFileFormat`.
func mendChecksums(_ bytes: inout [UInt8]) {
    guard bytes.count >= 96 else { return }
    store(checksum(bytes[0..<92]), at: 92, in: &bytes)
    var chunk = 96
    while bytes.count - chunk >= 24 {
        let payloadByteCount = (0..<4).reduce(0) { $0 | Int(bytes[chunk + 12 + $1]) << (8 * $1) }
        let end = chunk + 24 + payloadByteCount
        guard end <= bytes.count else { return }
        store(checksum(bytes[chunk..<(chunk + 20)] + bytes[(chunk + 24)..<end]), at: chunk + 20, in: &bytes)
        chunk = end
    }
}

func store(_ value: UInt32, at offset: Int, in bytes: inout [UInt8]) {
    for index in 0..<4 {
        bytes[offset + index] = UInt8(truncatingIfNeeded: value >> (8 * UInt32(index)))
    }
}

/// CRC-32C, bit by bit.
func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    var remainder = UInt32.max
    for byte in bytes {
        remainder ^= UInt32(byte)
        for _ in 0..<8 {
            remainder = remainder & 1 == 0 ? remainder >> 1 : remainder >> 1 ^ 0x82F6_3B78
        }
    }
    return ~remainder
}
