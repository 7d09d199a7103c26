// SPDX-License-Identifier: MIT OR Apache-2.0

/// What a reader has to say about a file besides its records. Offsets are in bytes from the file's start.
public enum TraceNotice: Hashable, Sendable {
    /// The file was closed in order and read to its end, with this number of records.
    case complete(recordCount: UInt64)
    /// The file ends without an end chunk; everything before `offset` was read.
    case truncated(offset: Int)
    /// The bytes from `offset` are no good chunk and were skipped; reading goes on behind them.
    case damagedChunk(offset: Int, skippedByteCount: Int)
    /// A record in a chunk with a right checksum makes no sense; the rest of its chunk was skipped.
    case malformedRecord(offset: Int)
    /// The end chunk counts `expected` records, but `found` were read: a part is missing or damaged.
    case recordsMissing(expected: UInt64, found: UInt64)
    /// So many damaged chunks that reading stopped at `offset`.
    case tooDamaged(offset: Int)

    /// Whether it tells of something wrong.
    public var isProblem: Bool {
        if case .complete = self { false } else { true }
    }
}

extension TraceNotice: CustomStringConvertible {
    /// One line in plain English, with numbers.
    public var description: String {
        switch self {
        case .complete(let count): "complete: \(count) records"
        case .truncated(let offset): "the file is cut short at byte \(offset)"
        case .damagedChunk(let offset, let count): "a damaged part at byte \(offset) was skipped (\(count) bytes)"
        case .malformedRecord(let offset): "a malformed record at byte \(offset): the rest of its chunk was skipped"
        case .recordsMissing(let expected, let found): "\(found) records were read of the \(expected) written"
        case .tooDamaged(let offset): "too many damaged parts: reading stopped at byte \(offset)"
        }
    }
}
