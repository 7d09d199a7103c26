// SPDX-License-Identifier: MIT OR Apache-2.0

/// One record of a trace file. Times are nanoseconds of ``TraceFileHeader``'s clock, addresses are the guest's.
public enum TraceRecord: Hashable, Sendable {
    /// The guest allocated memory.
    case allocation(TraceAllocation)
    /// The guest freed memory.
    case free(TraceFree)
    /// Records that are not in the file, and why.
    case dropped(count: UInt64, reason: TraceDropReason)
}

/// An allocation by the guest.
public struct TraceAllocation: Hashable, Sendable {
    /// When, in nanoseconds of the file's clock.
    public var timeNanoseconds: UInt64
    /// Guest address of the first byte.
    public var address: UInt64
    /// Bytes asked for.
    public var byteCount: UInt64
    /// Who asked.
    public var stack: TraceStack

    /// Makes an allocation from its parts.
    public init(timeNanoseconds: UInt64, address: UInt64, byteCount: UInt64, stack: TraceStack) {
        self.timeNanoseconds = timeNanoseconds
        self.address = address
        self.byteCount = byteCount
        self.stack = stack
    }
}

/// A release of memory by the guest. The address may be of an allocation that the file does not hold.
public struct TraceFree: Hashable, Sendable {
    /// When, in nanoseconds of the file's clock.
    public var timeNanoseconds: UInt64
    /// Guest address that was freed.
    public var address: UInt64
    /// Who freed.
    public var stack: TraceStack

    /// Makes a free from its parts.
    public init(timeNanoseconds: UInt64, address: UInt64, stack: TraceStack) {
        self.timeNanoseconds = timeNanoseconds
        self.address = address
        self.stack = stack
    }
}

/// The stack of a record.
public enum TraceStack: Hashable, Sendable {
    /// None was taken.
    case none
    /// Guest code addresses, innermost first: the first is where the guest was, the others are return addresses.
    /// `isCut` tells that outer frames are missing.
    case frames([UInt64], isCut: Bool)
    /// Its definition was in a part of the file that is lost.
    case lost

    /// The frames, innermost first; empty when there are none or they are lost.
    public var frames: [UInt64] {
        if case .frames(let frames, _) = self { frames } else { [] }
    }
}

/// Why records are missing from a file.
public enum TraceDropReason: Hashable, Sendable {
    /// The guest had no room in its telemetry region.
    case guestBufferFull
    /// The host could not decode what the guest wrote.
    case malformed
    /// The writer could not write a chunk.
    case writeFailed
    /// The file reached its largest size.
    case fileFull
    /// A reason this version does not know.
    case other(UInt16)

    /// The number in the file.
    public var code: UInt16 {
        switch self {
        case .guestBufferFull: 1
        case .malformed: 2
        case .writeFailed: 3
        case .fileFull: 4
        case .other(let code): code
        }
    }

    /// The reason of a number in the file; every number has one.
    public init(code: UInt16) {
        self =
            switch code {
            case 1: .guestBufferFull
            case 2: .malformed
            case 3: .writeFailed
            case 4: .fileFull
            default: .other(code)
            }
    }
}

extension TraceDropReason: CustomStringConvertible {
    /// The reason in a few words.
    public var description: String {
        switch self {
        case .guestBufferFull: "the guest's telemetry region was full"
        case .malformed: "the guest's records were malformed"
        case .writeFailed: "the file could not be written"
        case .fileFull: "the file reached its largest size"
        case .other(let code): "reason \(code)"
        }
    }
}
