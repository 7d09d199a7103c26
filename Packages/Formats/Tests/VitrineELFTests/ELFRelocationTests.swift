// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineELF

@Suite("Relocations that are refused")
struct ELFRelocationTests {
    /// Where the first relocation is in the file of `ELFBuilder.relocated(_:)`.
    private static let table = 64 + 56 * 4 + 0x40 + 0x20

    @Test(
        "A target outside the segments",
        arguments: [0x1039, 0x1040, 0x3032, 0x4000, 1 << 32, UInt64.max, UInt64.max - 0x20_0000 + 1])
    func target(address: UInt64) {
        expect(
            .relocationOutsideSegments(address: address, offset: Self.table + 24),
            .relocated([(0x1000, 8, 0x10), (address, 8, 0x10)])
        )
    }

    @Test("A value outside the image", arguments: [0x5000, 1 << 32, UInt64.max, UInt64.max - 0x20_0000])
    func value(addend: UInt64) {
        expect(
            .relocationValueOutsideImage(value: addend &+ 0x20_0000, offset: Self.table),
            .relocated([(0x1000, 8, addend)])
        )
    }

    @Test("Another type than relative, or one with a symbol", arguments: [0, 1, 6, 7, 37, 1 << 32 | 8] as [UInt64])
    func type(info: UInt64) {
        expect(
            .unsupportedRelocation(type: UInt32(truncatingIfNeeded: info), offset: Self.table),
            .relocated([(0x1000, info, 0x10)])
        )
    }

    @Test("Any in a file with fixed addresses")
    func fixed() {
        var builder = ELFBuilder.relocated([(0x20_1000, 8, 0x20_0010)])
        builder.type = 2
        builder.entry += 0x20_0000
        for index in 0..<3 {
            builder.segments[index].address += 0x20_0000
        }
        builder.segments[3].bytes.replaceSubrange(8..<16, with: ELFBuilder.word64(0x20_3000))
        expect(.unsupportedRelocation(type: 8, offset: Self.table), builder)
    }

    @Test("A table outside the file's bytes of a segment, or of an odd size")
    func tableOutside() {
        func table(_ address: UInt64, _ byteCount: UInt64) -> ELFBuilder {
            ELFBuilder.dynamic(
                [(tag: 7, value: address), (tag: 8, value: byteCount), (tag: 9, value: 24)],
                relocations: [UInt8](repeating: 0, count: 24)
            )
        }
        let places: [(UInt64, UInt64)] = [
            (0x3008, 24), (0x3000, 25), (0x1020, 24), (0, 96), (.max, 24), (1 << 40, 24),
        ]
        for (address, byteCount) in places {
            expect(.relocationsOutsideSegments(address: address, byteCount: byteCount), table(address, byteCount))
        }
        expect(.tooMany(.relocations, count: (1 << 20) + 1, limit: 1 << 20), table(0x3000, 24 * ((1 << 20) + 1)))
        expect(.tooMany(.relocations, count: .max / 24, limit: 1 << 20), table(0x3000, .max))
    }

    @Test("Entries of another size")
    func entrySize() {
        let builder = ELFBuilder.dynamic(
            [(7, 0x3000), (8, 24), (9, 16)], relocations: [UInt8](repeating: 0, count: 24))
        expect(.badEntrySize(16, offset: Self.table + 25 + 32), builder)
    }

    @Test("Relocations of other formats", arguments: [17, 23, 36, 2, 35] as [UInt64])
    func otherFormats(tag: UInt64) {
        let builder = ELFBuilder.dynamic([(tag: tag, value: UInt64(24))])
        expect(.unsupportedDynamicEntry(tag: tag, offset: Self.table + 1), builder)
    }

    @Test("Two dynamic sections, or one without end")
    func dynamicSections() {
        var builder = ELFBuilder.dynamic([])
        builder.segments.append(builder.segments[3])
        expect(.secondDynamicSection(offset: 64 + 56 * 4), builder)
        let entries = [(tag: UInt64, value: UInt64)](repeating: (tag: 12, value: 0), count: 1024)
        expect(.tooMany(.dynamicEntries, count: 1025, limit: 1024), .dynamic(entries))
    }

    private func expect(
        _ error: ELFError, _ builder: ELFBuilder, sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(throws: error, sourceLocation: sourceLocation) { try ELFImage(parsing: builder.bytes()) }
    }
}
