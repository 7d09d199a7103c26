// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineWire

/// The file header: checked to be one of an x86-64 executable.
struct ELFHeader {
    let isPositionIndependent: Bool
    let entry: UInt64
    let programHeaders: ELFTable
    let sectionHeaders: ELFTable

    /// Where the image is loaded, in relation to its own addresses.
    var loadBias: UInt64 { isPositionIndependent ? GuestABI.imageBase : 0 }

    init(_ file: RawSpan) throws(ELFError) {
        typealias Offset = ELFHeaderOffset
        guard file.byteCount <= ELFImage.Limit.fileBytes else { throw .fileTooLarge(byteCount: file.byteCount) }
        guard file.byteCount >= 4 else { throw .truncated(offset: 0, needed: UInt64(Offset.byteCount)) }
        guard file.uint32(at: 0) == ELFValue.magic else { throw .notELF }
        guard file.byteCount >= Offset.byteCount else { throw .truncated(offset: 0, needed: UInt64(Offset.byteCount)) }
        let fileClass = file.uint8(at: Offset.fileClass)
        guard fileClass == ELFValue.class64 else { throw .not64Bit(fileClass: fileClass) }
        let data = file.uint8(at: Offset.data)
        guard data == ELFValue.littleEndian else { throw .notLittleEndian(data: data) }
        let identVersion = UInt32(file.uint8(at: Offset.identVersion))
        guard identVersion == ELFValue.currentVersion else {
            throw .badVersion(identVersion, offset: Offset.identVersion)
        }
        let machine = file.uint16(at: Offset.machine)
        guard machine == ELFValue.x86 else { throw .wrongMachine(machine) }
        let type = file.uint16(at: Offset.type)
        guard type == ELFValue.executable || type == ELFValue.positionIndependent else { throw .wrongFileType(type) }
        let version = file.uint32(at: Offset.version)
        guard version == ELFValue.currentVersion else { throw .badVersion(version, offset: Offset.version) }

        isPositionIndependent = type == ELFValue.positionIndependent
        entry = file.uint64(at: Offset.entry)
        programHeaders = ELFTable(
            start: file.uint64(at: Offset.programHeaders),
            startOffset: Offset.programHeaders,
            count: Int(file.uint16(at: Offset.programHeaderCount)),
            entrySize: Int(file.uint16(at: Offset.programHeaderSize)),
            entrySizeOffset: Offset.programHeaderSize
        )
        sectionHeaders = ELFTable(
            start: file.uint64(at: Offset.sectionHeaders),
            startOffset: Offset.sectionHeaders,
            count: Int(file.uint16(at: Offset.sectionHeaderCount)),
            entrySize: Int(file.uint16(at: Offset.sectionHeaderSize)),
            entrySizeOffset: Offset.sectionHeaderSize
        )
    }
}

/// A table that the file header describes; not checked before ``offsets(in:table:entrySize:limit:)``.
struct ELFTable {
    let start: UInt64
    let startOffset: Int
    let count: Int
    let entrySize: Int
    let entrySizeOffset: Int

    /// The offsets of the entries, all of them inside the file. An empty table has none, wherever it is.
    func offsets(
        in file: RawSpan, table: ELFError.Table, entrySize: Int, limit: Int
    ) throws(ELFError) -> StrideTo<Int> {
        guard count > 0 else { return stride(from: 0, to: 0, by: entrySize) }
        guard self.entrySize == entrySize else { throw .badEntrySize(UInt64(self.entrySize), offset: entrySizeOffset) }
        guard count <= limit else { throw .tooMany(table, count: UInt64(count), limit: limit) }
        let byteCount = count * entrySize
        guard let range = file.range(offset: start, byteCount: UInt64(byteCount)) else {
            throw .truncated(offset: startOffset, needed: UInt64(byteCount))
        }
        return stride(from: range.lowerBound, to: range.upperBound, by: entrySize)
    }
}

extension RawSpan {
    /// The range that a file's two numbers describe, if all of it is inside.
    func range(offset: UInt64, byteCount: UInt64) -> Range<Int>? {
        guard let start = Int(exactly: offset), let count = Int(exactly: byteCount),
            contains(offset: start, byteCount: count)
        else { return nil }
        return start..<(start + count)
    }
}
