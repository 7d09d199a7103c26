// SPDX-License-Identifier: MIT OR Apache-2.0

/// Reads an allocation trace file: records in the order they were written, and notices about what is wrong with it.
///
/// Total: any bytes give a header error or a finite sequence of items. Damaged chunks are skipped and told; a file that
/// was cut short gives everything up to its last whole chunk. Memory is bounded by a small multiple of the file's size,
/// time by its size (and 1,024 damaged chunks).
///
/// ```swift
/// var reader = try TraceFileReader(parsing: bytes)
/// while let item = reader.next() {
///     switch item {
///     case .record(.allocation(let allocation)): print(allocation.address, allocation.stack.frames)
///     case .record: break
///     case .notice(let notice): print(notice)
///     }
/// }
/// ```
public struct TraceFileReader: Sequence, IteratorProtocol, Sendable {
    /// What a reader gives.
    public enum Item: Hashable, Sendable {
        /// A record.
        case record(TraceRecord)
        /// Something about the file. Exactly one of `complete`, `truncated`, `recordsMissing` and `tooDamaged` comes,
        /// as the last item.
        case notice(TraceNotice)
    }

    /// The damaged chunks after which reading stops.
    public static let maximumDamagedChunkCount = 1024

    /// Which guest, which clock, who wrote.
    public let header: TraceFileHeader

    private let bytes: [UInt8]
    private var stacks: [UInt32: TraceStack] = [:]
    private var offset = TraceFileFormat.headerByteCount
    private var chunkEnd = TraceFileFormat.headerByteCount
    private var recordCount: UInt64 = 0
    private var damagedChunkCount = 0
    private var isFinished = false

    /// Reads the header. The records are read by ``next()``.
    public init(parsing bytes: [UInt8]) throws(TraceFileError) {
        header = try TraceFileHeader(parsing: bytes)
        self.bytes = bytes
    }

    /// The next record or notice; nil behind the last notice.
    public mutating func next() -> Item? {
        while !isFinished {
            if offset < chunkEnd {
                if let item = nextRecord() { return item }
            } else if let notice = enterChunk() {
                return .notice(notice)
            }
        }
        return nil
    }

    // MARK: Chunks

    /// Moves into the chunk at `offset`. A notice if there is something to tell, else nil.
    private mutating func enterChunk() -> TraceNotice? {
        if damagedChunkCount >= Self.maximumDamagedChunkCount { return finish(.tooDamaged(offset: offset)) }
        switch readChunkHeader(at: offset) {
        case .good(let type, let payload):
            guard type == TraceFileFormat.ChunkType.end else {
                offset = type == TraceFileFormat.ChunkType.records ? payload.lowerBound : payload.upperBound
                chunkEnd = payload.upperBound
                return nil
            }
            let expected = bytes.littleEndian(UInt64.self, at: payload.lowerBound) ?? 0
            return finish(
                expected == recordCount
                    ? .complete(recordCount: expected) : .recordsMissing(expected: expected, found: recordCount)
            )
        case .cut:
            return finish(.truncated(offset: offset))
        case .bad:
            return skipDamage()
        }
    }

    private enum ChunkHeader {
        case good(type: UInt32, payload: Range<Int>)
        case cut
        case bad
    }

    private func readChunkHeader(at start: Int) -> ChunkHeader {
        let rest = bytes.count - start
        guard hasMarker(at: start, orItsBeginning: true) else { return .bad }
        guard rest >= TraceFileFormat.chunkHeaderByteCount,
            let type = bytes.littleEndian(UInt32.self, at: start + 8),
            let byteCount = bytes.littleEndian(UInt32.self, at: start + 12),
            let expected = bytes.littleEndian(UInt32.self, at: start + TraceFileFormat.chunkChecksumOffset)
        else { return .cut }
        guard byteCount <= UInt32(TraceFileFormat.maximumPayloadByteCount), byteCount % 8 == 0 else { return .bad }
        let payloadStart = start + TraceFileFormat.chunkHeaderByteCount
        guard bytes.count - payloadStart >= Int(byteCount) else {
            // A wrong length looks like a cut; another chunk behind tells them apart.
            return nextMarker(from: start + 8) == nil ? .cut : .bad
        }
        let payload = payloadStart..<(payloadStart + Int(byteCount))
        var checksum = CRC32C()
        checksum.update(bytes.span, start..<(start + TraceFileFormat.chunkChecksumOffset))
        checksum.update(bytes.span, payload)
        return checksum.value == expected ? .good(type: type, payload: payload) : .bad
    }

    /// Goes on at the next marker behind `offset`.
    private mutating func skipDamage() -> TraceNotice {
        damagedChunkCount += 1
        let start = offset
        offset = nextMarker(from: start + 1) ?? bytes.count
        chunkEnd = offset
        return .damagedChunk(offset: start, skippedByteCount: offset - start)
    }

    private func nextMarker(from start: Int) -> Int? {
        let first = TraceFileFormat.chunkMarker[0]
        var index = start
        while index <= bytes.count - TraceFileFormat.chunkHeaderByteCount {
            if bytes[index] == first, hasMarker(at: index, orItsBeginning: false) { return index }
            index += 1
        }
        return nil
    }

    private func hasMarker(at start: Int, orItsBeginning: Bool) -> Bool {
        let marker = TraceFileFormat.chunkMarker
        let byteCount = Swift.min(marker.count, bytes.count - start)
        guard byteCount == marker.count || orItsBeginning else { return false }
        for index in 0..<byteCount where bytes[start + index] != marker[index] { return false }
        return true
    }

    private mutating func finish(_ notice: TraceNotice) -> TraceNotice {
        isFinished = true
        return notice
    }

    // MARK: Records

    /// Reads the record at `offset`. Nil for a stack definition.
    private mutating func nextRecord() -> Item? {
        let start = offset
        let rest = chunkEnd - start
        let kind = bytes[start]
        guard rest >= TraceFileFormat.recordHeadByteCount,
            let short = bytes.littleEndian(UInt16.self, at: start + 2),
            let stackNumber = bytes.littleEndian(UInt32.self, at: start + 4),
            let byteCount = Self.byteCount(ofRecord: kind, short: short), byteCount <= rest
        else {
            offset = chunkEnd
            return .notice(.malformedRecord(offset: start))
        }
        offset = start + byteCount
        if kind == TraceFileFormat.RecordKind.stack {
            let frames = (0..<Int(short)).map { word(start + 8 + $0 * 8) }
            stacks[stackNumber] = .frames(frames, isCut: bytes[start + 1] & TraceFileFormat.stackCutFlag != 0)
            return nil
        }
        recordCount += 1
        if kind == TraceFileFormat.RecordKind.dropped {
            return .record(.dropped(count: word(start + 8), reason: TraceDropReason(code: short)))
        }
        let stack = stackNumber == 0 ? .none : stacks[stackNumber] ?? .lost
        let time = word(start + 8)
        let address = word(start + 16)
        guard kind == TraceFileFormat.RecordKind.allocation else {
            return .record(.free(TraceFree(timeNanoseconds: time, address: address, stack: stack)))
        }
        return .record(
            .allocation(
                TraceAllocation(
                    timeNanoseconds: time,
                    address: address,
                    byteCount: word(start + 24),
                    stack: stack
                )
            )
        )
    }

    /// A word that is known to lie inside the chunk.
    private func word(_ start: Int) -> UInt64 { bytes.littleEndian(UInt64.self, at: start) ?? 0 }

    private static func byteCount(ofRecord kind: UInt8, short: UInt16) -> Int? {
        switch kind {
        case TraceFileFormat.RecordKind.allocation: TraceFileFormat.allocationByteCount
        case TraceFileFormat.RecordKind.free: TraceFileFormat.freeByteCount
        case TraceFileFormat.RecordKind.dropped: TraceFileFormat.droppedByteCount
        case TraceFileFormat.RecordKind.stack:
            short <= UInt16(TraceFileFormat.maximumFrameCount)
                ? TraceFileFormat.stackByteCount(frameCount: Int(short)) : nil
        default: nil
        }
    }
}
