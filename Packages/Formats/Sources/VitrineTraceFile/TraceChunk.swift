// SPDX-License-Identifier: MIT OR Apache-2.0

/// A chunk being built: room for its header, then records.
struct TraceChunk {
    private(set) var bytes: [UInt8]
    /// Allocation, free and dropped records in it; stack definitions do not count.
    private(set) var recordCount: UInt64 = 0
    /// Allocations and frees in it.
    private(set) var eventCount: UInt64 = 0
    /// Records that are missing from the file if this chunk is lost: its events and what its dropped records tell.
    private(set) var weight: UInt64 = 0

    /// An empty chunk that will hold about `payloadByteCount` bytes.
    init(payloadByteCount: Int) {
        bytes = []
        bytes.reserveCapacity(TraceFileFormat.chunkHeaderByteCount + payloadByteCount)
        removeAll()
    }

    /// Bytes of records so far.
    var payloadByteCount: Int { bytes.count - TraceFileFormat.chunkHeaderByteCount }

    /// Back to an empty chunk, keeping the memory.
    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        bytes += repeatElement(0, count: TraceFileFormat.chunkHeaderByteCount)
        recordCount = 0
        eventCount = 0
        weight = 0
    }

    mutating func appendStack(number: UInt32, frames: Span<UInt64>, frameCount: Int, isCut: Bool) {
        appendHead(
            TraceFileFormat.RecordKind.stack,
            flags: isCut ? TraceFileFormat.stackCutFlag : 0,
            short: UInt16(frameCount),
            stack: number
        )
        for index in 0..<frameCount { bytes.appendLittleEndian(frames[index]) }
    }

    mutating func appendAllocation(timeNanoseconds: UInt64, address: UInt64, byteCount: UInt64, stack: UInt32) {
        appendHead(TraceFileFormat.RecordKind.allocation, stack: stack)
        bytes.appendLittleEndian(timeNanoseconds)
        bytes.appendLittleEndian(address)
        bytes.appendLittleEndian(byteCount)
        countEvent()
    }

    mutating func appendFree(timeNanoseconds: UInt64, address: UInt64, stack: UInt32) {
        appendHead(TraceFileFormat.RecordKind.free, stack: stack)
        bytes.appendLittleEndian(timeNanoseconds)
        bytes.appendLittleEndian(address)
        countEvent()
    }

    mutating func appendDropped(count: UInt64, reason: TraceDropReason) {
        appendHead(TraceFileFormat.RecordKind.dropped, short: reason.code, stack: 0)
        bytes.appendLittleEndian(count)
        recordCount += 1
        let sum = weight.addingReportingOverflow(count)
        weight = sum.overflow ? .max : sum.partialValue
    }

    /// Fills in the header; the chunk is then ready to be written.
    mutating func seal(type: UInt32) {
        for index in 0..<8 { bytes[index] = TraceFileFormat.chunkMarker[index] }
        bytes.storeLittleEndian(type, at: 8)
        bytes.storeLittleEndian(UInt32(payloadByteCount), at: 12)
        bytes.storeLittleEndian(0, at: 16)
        var checksum = CRC32C()
        checksum.update(bytes.span, 0..<TraceFileFormat.chunkChecksumOffset)
        checksum.update(bytes.span, TraceFileFormat.chunkHeaderByteCount..<bytes.count)
        bytes.storeLittleEndian(checksum.value, at: TraceFileFormat.chunkChecksumOffset)
    }

    /// The last chunk of a file with `recordCount` records.
    static func end(recordCount: UInt64) -> TraceChunk {
        var chunk = TraceChunk(payloadByteCount: TraceFileFormat.endByteCount)
        chunk.bytes.appendLittleEndian(recordCount)
        chunk.seal(type: TraceFileFormat.ChunkType.end)
        return chunk
    }

    private mutating func countEvent() {
        recordCount += 1
        eventCount += 1
        weight = weight == .max ? .max : weight + 1
    }

    private mutating func appendHead(_ kind: UInt8, flags: UInt8 = 0, short: UInt16 = 0, stack: UInt32) {
        bytes.append(kind)
        bytes.append(flags)
        bytes.appendLittleEndian(short)
        bytes.appendLittleEndian(stack)
    }
}
