// SPDX-License-Identifier: MIT OR Apache-2.0

/// Why a memory map cannot be made.
public enum MemoryMapError: Error, Hashable, Sendable {
    /// There is no segment to run.
    case noSegments
    /// More segments than the limit, `MemoryMap.maximumSegmentCount`.
    case tooManySegments(count: Int)
    /// The segment has no bytes, or a negative number of them.
    case emptySegment(index: Int)
    /// The segment is not within `MemoryMap.imageBase ..< MemoryMap.imageLimit`.
    case segmentOutOfRange(index: Int)
    /// The segment shares a page with an earlier one.
    case overlappingSegments(index: Int)
    /// The segment would be writable and executable.
    case writableAndExecutable(index: Int)
    /// The size of a region is zero, negative or below what the ABI needs in it.
    case regionTooSmall(MemoryRegion.Kind, byteCount: Int, minimum: Int)
    /// All regions together end above `MemoryMap.maximumByteCount`.
    case tooLarge(maximum: Int)
}
