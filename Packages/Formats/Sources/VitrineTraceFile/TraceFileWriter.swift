// SPDX-License-Identifier: MIT OR Apache-2.0

/// Writes an allocation trace file.
///
/// Records gather in one chunk in memory and go to the file with one `write(2)` when the chunk is full, at ``flush()``
/// and at ``close()``. A chunk that cannot be written is thrown once as an error; its records are counted in
/// ``lostRecordCount`` and, as soon as writing works again, told in the file by a dropped record. A file that reached
/// its largest size is no error: the rest is counted and told by the last record. Nothing vanishes silently. Memory is bounded by
/// ``Options``, whatever the guest does. A writer that goes away without ``close()`` still writes what it holds, but
/// cannot report a failure then.
///
/// One thread at a time; the type is noncopyable, so the compiler sees to it.
public struct TraceFileWriter: ~Copyable, Sendable {
    /// The bounds of a writer.
    public struct Options: Hashable, Sendable {
        /// Bytes of records that make a chunk (512 to 1 MiB): also what a crash of the host can cost.
        public var chunkByteCount = 64 << 10
        /// Bytes after which records are counted instead of written; the closing chunks (about 120 bytes) come on top.
        public var maximumFileByteCount: UInt64 = 1 << 30
        /// Different stacks remembered at a time. A forgotten stack is written again, so this is about size only.
        public var maximumStackCount = 16_384
        /// Frames of all remembered stacks, 8 bytes each.
        public var maximumStackFrameCount = 262_144

        /// The defaults: chunks of 64 KiB, a file of 1 GiB, about 3 MiB of memory at the most.
        public init() {}
    }

    /// Allocation, free and dropped records in the file so far, without those still in memory.
    public private(set) var writtenRecordCount: UInt64 = 0
    /// Allocations and frees that did not get into the file because writing failed or the file was full.
    public private(set) var lostRecordCount: UInt64 = 0

    private var output: TraceFileOutput
    private var chunk: TraceChunk
    private var interner: StackInterner
    private var fileByteCount: UInt64
    private var isClosed = false
    private var isFull = false
    private var untoldFailed: UInt64 = 0
    private var untoldFull: UInt64 = 0
    private let chunkByteCount: Int
    private let maximumFileByteCount: UInt64

    /// Creates or empties the file at `path` and writes the header.
    ///
    /// - Parameters:
    ///   - path: where.
    ///   - buildID: the guest's GNU build-id, so that a reader can tell whether its symbols fit; empty when unknown.
    ///   - epochNanoseconds: Unix time at time 0 of the records. By default that of `CLOCK_MONOTONIC`'s zero, so that
    ///     records carry host monotonic nanoseconds.
    ///   - producer: who writes, for example "vitrine 0.1.0".
    ///   - options: bounds.
    public init(
        path: String,
        buildID: [UInt8],
        epochNanoseconds: UInt64? = nil,
        producer: String = "vitrine",
        options: Options = Options()
    ) throws(TraceFileError) {
        let header = TraceFileHeader(
            buildID: buildID,
            epochNanoseconds: epochNanoseconds ?? TraceFileOutput.monotonicEpochNanoseconds(),
            producer: producer
        )
        let output = try TraceFileOutput(path: path)
        try self.init(output: output, header: header, options: options)
    }

    /// Writes to an open descriptor, which the writer takes over and closes.
    public init(
        takingOver fileDescriptor: Int32,
        header: TraceFileHeader,
        options: Options = Options()
    ) throws(TraceFileError) {
        try self.init(output: TraceFileOutput(takingOver: fileDescriptor), header: header, options: options)
    }

    private init(
        output: consuming TraceFileOutput,
        header: TraceFileHeader,
        options: Options
    ) throws(TraceFileError) {
        let encoded = header.encoded
        try output.write(encoded)
        let limit = min(max(options.chunkByteCount, 512), TraceFileFormat.maximumPayloadByteCount - 4096)
        self.output = output
        chunk = TraceChunk(payloadByteCount: limit + 4096)
        interner = StackInterner(stackLimit: options.maximumStackCount, frameLimit: options.maximumStackFrameCount)
        fileByteCount = UInt64(encoded.count)
        chunkByteCount = limit
        maximumFileByteCount = options.maximumFileByteCount
    }

    deinit {
        guard !isClosed else { return }
        var last = chunk
        if untoldFailed > 0 { last.appendDropped(count: untoldFailed, reason: .writeFailed) }
        if untoldFull > 0 { last.appendDropped(count: untoldFull, reason: .fileFull) }
        if last.recordCount > 0 {
            last.seal(type: TraceFileFormat.ChunkType.records)
            guard (try? output.write(last.bytes)) != nil else { return }
        }
        try? output.write(TraceChunk.end(recordCount: writtenRecordCount + last.recordCount).bytes)
    }

    /// Records an allocation. `frames` are guest code addresses, innermost first; may be empty. Allocates nothing
    /// unless the chunk is full.
    public mutating func allocation(
        timeNanoseconds: UInt64,
        address: UInt64,
        byteCount: UInt64,
        frames: Span<UInt64>
    ) throws(TraceFileError) {
        guard try makeRoom() else { return }
        let stack = define(frames)
        chunk.appendAllocation(timeNanoseconds: timeNanoseconds, address: address, byteCount: byteCount, stack: stack)
    }

    /// Records that `address` was freed.
    public mutating func free(
        timeNanoseconds: UInt64,
        address: UInt64,
        frames: Span<UInt64>
    ) throws(TraceFileError) {
        guard try makeRoom() else { return }
        let stack = define(frames)
        chunk.appendFree(timeNanoseconds: timeNanoseconds, address: address, stack: stack)
    }

    /// Records that `count` records are missing here.
    public mutating func dropped(count: UInt64, reason: TraceDropReason) throws(TraceFileError) {
        guard try makeRoom(weight: count, isEvent: false) else { return }
        chunk.appendDropped(count: count, reason: reason)
    }

    /// Writes what is in memory to the file (without `fsync`).
    public mutating func flush() throws(TraceFileError) {
        if isClosed { throw .closed }
        try writeChunk()
    }

    /// Writes what is in memory and the end chunk, then closes the file. Closing again does nothing.
    public mutating func close() throws(TraceFileError) {
        guard !isClosed else { return }
        isClosed = true
        var failure: TraceFileError?
        do throws(TraceFileError) { try writeChunk() } catch { failure = error }
        tellLosses()
        do throws(TraceFileError) { try writeChunk(isLast: true) } catch { failure = failure ?? error }
        do throws(TraceFileError) {
            try output.write(TraceChunk.end(recordCount: writtenRecordCount).bytes)
        } catch {
            failure = failure ?? error
        }
        do throws(TraceFileError) { try output.close() } catch { failure = failure ?? error }
        if let failure { throw failure }
    }

    /// Makes sure that one record and its stack fit in the chunk. If it throws or the file is full (false), the record,
    /// which stands for `weight` records, is counted as lost.
    private mutating func makeRoom(weight: UInt64 = 1, isEvent: Bool = true) throws(TraceFileError) -> Bool {
        if isClosed { throw .closed }
        if chunk.payloadByteCount >= chunkByteCount {
            do throws(TraceFileError) {
                try writeChunk()
            } catch {
                if isEvent { lostRecordCount += 1 }
                untoldFailed = Self.sum(untoldFailed, weight)
                throw error
            }
        }
        if isFull {
            if isEvent { lostRecordCount += 1 }
            untoldFull = Self.sum(untoldFull, weight)
            return false
        }
        if untoldFailed > 0 { tellLosses() }
        return true
    }

    /// Writes the chunk, if there is anything in it, and starts a new one.
    private mutating func writeChunk(isLast: Bool = false) throws(TraceFileError) {
        guard chunk.recordCount > 0 else { return }
        defer { chunk.removeAll() }
        if !isLast, isFull || fileByteCount + UInt64(chunk.bytes.count) > maximumFileByteCount {
            isFull = true
            lostRecordCount += chunk.eventCount
            untoldFull = Self.sum(untoldFull, chunk.weight)
            return
        }
        chunk.seal(type: TraceFileFormat.ChunkType.records)
        fileByteCount += UInt64(chunk.bytes.count)
        do throws(TraceFileError) {
            try output.write(chunk.bytes)
        } catch {
            lostRecordCount += chunk.eventCount
            untoldFailed = Self.sum(untoldFailed, chunk.weight)
            interner.forgetAll()
            throw error
        }
        writtenRecordCount += chunk.recordCount
    }

    /// The number of a stack; its definition goes into the chunk if it is new.
    private mutating func define(_ frames: Span<UInt64>) -> UInt32 {
        if frames.isEmpty { return 0 }
        let isCut = frames.count > TraceFileFormat.maximumFrameCount
        let frameCount = isCut ? TraceFileFormat.maximumFrameCount : frames.count
        let stack = interner.intern(frames, frameCount: frameCount, isCut: isCut)
        if stack.isNew {
            chunk.appendStack(number: stack.number, frames: frames, frameCount: frameCount, isCut: isCut)
        }
        return stack.number
    }

    /// Says in the file what could not be written before.
    private mutating func tellLosses() {
        if untoldFailed > 0 {
            chunk.appendDropped(count: untoldFailed, reason: .writeFailed)
            untoldFailed = 0
        }
        if untoldFull > 0 {
            chunk.appendDropped(count: untoldFull, reason: .fileFull)
            untoldFull = 0
        }
    }

    private static func sum(_ first: UInt64, _ second: UInt64) -> UInt64 {
        let sum = first.addingReportingOverflow(second)
        return sum.overflow ? .max : sum.partialValue
    }
}
