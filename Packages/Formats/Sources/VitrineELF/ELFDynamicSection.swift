// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineWire

/// The dynamic section: only where the relocations are. Whatever else would need a dynamic linker is refused.
struct ELFDynamicSection {
    private var relocations: UInt64 = 0
    private var relocationByteCount: UInt64 = 0
    private var entrySize = UInt64(ELFRelocationOffset.byteCount)
    private var entrySizeOffset = 0

    init(_ file: RawSpan, _ range: Range<Int>) throws(ELFError) {
        typealias Tag = ELFDynamicTag
        let count = range.count / Tag.entryByteCount
        for index in 0..<count {
            guard index < ELFImage.Limit.dynamicEntries else {
                throw .tooMany(.dynamicEntries, count: UInt64(count), limit: ELFImage.Limit.dynamicEntries)
            }
            let offset = range.lowerBound + index * Tag.entryByteCount
            let tag = file.uint64(at: offset)
            let value = file.uint64(at: offset + 8)
            switch tag {
            case Tag.null:
                return
            case Tag.needed:
                throw .needsLibrary(offset: offset)
            case Tag.relocations:
                relocations = value
            case Tag.relocationByteCount:
                relocationByteCount = value
            case Tag.relocationEntrySize:
                entrySize = value
                entrySizeOffset = offset
            case Tag.relWithoutAddend, Tag.relativeBitmap, Tag.procedureLinkage:
                throw .unsupportedDynamicEntry(tag: tag, offset: offset)
            case Tag.procedureLinkageByteCount, Tag.relativeBitmapByteCount:
                guard value == 0 else { throw .unsupportedDynamicEntry(tag: tag, offset: offset) }
            default:
                break
            }
        }
    }

    /// Where the relocations are in the file: all in the file's bytes of one segment.
    func relocationTable(
        _ file: RawSpan, segments: [ELFSegment], bias: UInt64, isPositionIndependent: Bool
    ) throws(ELFError) -> Range<Int> {
        guard relocationByteCount > 0 else { return 0..<0 }
        let size = UInt64(ELFRelocationOffset.byteCount)
        guard entrySize == size else { throw .badEntrySize(entrySize, offset: entrySizeOffset) }
        let count = relocationByteCount / size
        guard count <= UInt64(ELFImage.Limit.relocations) else {
            throw .tooMany(.relocations, count: count, limit: ELFImage.Limit.relocations)
        }
        let address = relocations &+ bias
        for segment in segments where segment.contains(address: address, byteCount: relocationByteCount) {
            let start = Int(address - segment.address)
            guard relocationByteCount.isMultiple(of: size),
                start + Int(relocationByteCount) <= segment.fileRange.count
            else { break }
            let offset = segment.fileRange.lowerBound + start
            guard isPositionIndependent else {
                let info = file.uint64(at: offset + ELFRelocationOffset.info)
                throw .unsupportedRelocation(type: UInt32(truncatingIfNeeded: info), offset: offset)
            }
            return offset..<(offset + Int(relocationByteCount))
        }
        throw .relocationsOutsideSegments(address: relocations, byteCount: relocationByteCount)
    }
}
