// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineWire

/// Where `.symtab` and its string table are in the file; checked to be inside it.
struct ELFSymbolTable {
    let symbols: Range<Int>
    let strings: Range<Int>

    /// Nil if the file has no symbol table.
    init?(_ file: RawSpan, _ header: ELFHeader) throws(ELFError) {
        typealias Offset = ELFSectionHeaderOffset
        let offsets = try header.sectionHeaders.offsets(
            in: file,
            table: .sectionHeaders,
            entrySize: Offset.byteCount,
            limit: ELFSymbols.Limit.sectionHeaders
        )
        var found: Int?
        for offset in offsets where file.uint32(at: offset + Offset.type) == ELFValue.symbolTable {
            found = offset
            break
        }
        guard let section = found else { return nil }
        let entrySize = file.uint64(at: section + Offset.entrySize)
        guard entrySize == UInt64(ELFSymbolOffset.byteCount) else {
            throw .badEntrySize(entrySize, offset: section + Offset.entrySize)
        }
        let symbols = try Self.contents(file, section)
        let count = symbols.count / ELFSymbolOffset.byteCount
        guard count <= ELFSymbols.Limit.symbols else {
            throw .tooMany(.symbols, count: UInt64(count), limit: ELFSymbols.Limit.symbols)
        }
        let link = file.uint32(at: section + Offset.link)
        guard link < UInt32(header.sectionHeaders.count), let first = offsets.first(where: { _ in true }) else {
            throw .badStringTable(section: link, offset: section + Offset.link)
        }
        let stringSection = first + Int(link) * Offset.byteCount
        guard file.uint32(at: stringSection + Offset.type) == ELFValue.stringTable else {
            throw .badStringTable(section: link, offset: section + Offset.link)
        }
        self.symbols = symbols.lowerBound..<(symbols.lowerBound + count * ELFSymbolOffset.byteCount)
        strings = try Self.contents(file, stringSection)
    }

    private static func contents(_ file: RawSpan, _ section: Int) throws(ELFError) -> Range<Int> {
        let start = file.uint64(at: section + ELFSectionHeaderOffset.fileOffset)
        let byteCount = file.uint64(at: section + ELFSectionHeaderOffset.byteCountField)
        guard let range = file.range(offset: start, byteCount: byteCount) else {
            throw .truncated(offset: section, needed: byteCount)
        }
        return range
    }
}
