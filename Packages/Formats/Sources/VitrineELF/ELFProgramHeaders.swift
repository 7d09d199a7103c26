// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineWire

/// What the program headers say, checked: segments sorted by address, notes, and where the dynamic section is.
struct ELFProgramHeaders {
    private(set) var segments: [ELFSegment] = []
    private(set) var notes = ELFNotes()
    private(set) var dynamic: Range<Int>?

    init(_ file: RawSpan, _ header: ELFHeader) throws(ELFError) {
        typealias Offset = ELFProgramHeaderOffset
        let offsets = try header.programHeaders.offsets(
            in: file, table: .programHeaders, entrySize: Offset.byteCount, limit: ELFImage.Limit.programHeaders)
        for offset in offsets {
            switch file.uint32(at: offset + Offset.type) {
            case ELFValue.load:
                try addSegment(file, at: offset, bias: header.loadBias)
            case ELFValue.dynamic:
                guard dynamic == nil else { throw .secondDynamicSection(offset: offset) }
                dynamic = try Self.fileRange(file, at: offset)
            case ELFValue.interpreter:
                throw .needsInterpreter(offset: offset)
            case ELFValue.note:
                let range = try Self.fileRange(file, at: offset)
                try notes.read(file, range, alignment: file.uint64(at: offset + Offset.alignment))
            case ELFValue.threadLocalStorage:
                // A header for no variables asks for nothing.
                guard file.uint64(at: offset + Offset.memoryByteCount) == 0 else {
                    throw .needsThreadLocalStorage(offset: offset)
                }
            default:
                break
            }
        }
        guard !segments.isEmpty else { throw .noSegments }
        segments.sort { $0.address < $1.address }
        try checkSeparation()
    }

    private static func fileRange(_ file: RawSpan, at offset: Int) throws(ELFError) -> Range<Int> {
        let start = file.uint64(at: offset + ELFProgramHeaderOffset.fileOffset)
        let byteCount = file.uint64(at: offset + ELFProgramHeaderOffset.fileByteCount)
        guard let range = file.range(offset: start, byteCount: byteCount) else {
            throw .segmentOutsideFile(fileOffset: start, byteCount: byteCount, offset: offset)
        }
        return range
    }

    private mutating func addSegment(_ file: RawSpan, at offset: Int, bias: UInt64) throws(ELFError) {
        typealias Offset = ELFProgramHeaderOffset
        let fileByteCount = file.uint64(at: offset + Offset.fileByteCount)
        let memoryByteCount = file.uint64(at: offset + Offset.memoryByteCount)
        guard fileByteCount <= memoryByteCount else {
            throw .segmentFileExceedsMemory(
                fileByteCount: fileByteCount, memoryByteCount: memoryByteCount, offset: offset)
        }
        // Linkers leave empty segments behind: they ask for nothing.
        guard memoryByteCount > 0 else { return }
        let fileRange = try Self.fileRange(file, at: offset)

        let linkAddress = file.uint64(at: offset + Offset.address)
        let (address, overflow) = linkAddress.addingReportingOverflow(bias)
        guard !overflow, address >= GuestABI.imageBase, address <= GuestABI.imageLimit,
            memoryByteCount <= GuestABI.imageLimit - address
        else {
            throw .segmentOutsideWindow(address: linkAddress, byteCount: memoryByteCount, offset: offset)
        }
        let flags = file.uint32(at: offset + Offset.flags)
        let permissions = ELFPermissions(rawValue: flags).intersection([.read, .write, .execute])
        guard !permissions.isSuperset(of: [.write, .execute]) else {
            throw .writableAndExecutable(address: address, offset: offset)
        }
        guard permissions.contains(.read) else { throw .notReadable(address: address, offset: offset) }
        guard segments.count < ELFImage.Limit.segments else {
            throw .tooMany(.segments, count: UInt64(segments.count) + 1, limit: ELFImage.Limit.segments)
        }
        segments.append(
            ELFSegment(
                address: address,
                byteCount: Int(memoryByteCount),
                fileRange: fileRange,
                permissions: permissions,
                headerOffset: offset
            )
        )
    }

    /// Checks that no two segments share a page, given that they are sorted.
    private func checkSeparation() throws(ELFError) {
        for index in segments.indices.dropFirst() {
            let lower = segments[index - 1]
            let upper = segments[index]
            guard lower.addresses.upperBound <= upper.address else {
                throw .segmentsOverlap(address: upper.address, offset: upper.headerOffset)
            }
            guard lower.pages.upperBound <= upper.pages.lowerBound else {
                throw .segmentsSharePage(address: upper.address, offset: upper.headerOffset)
            }
        }
    }
}
