// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineELF
import VitrineWire

@Suite("ELFImage")
struct ELFImageTests {
    @Test("A valid file's segments, entry and notes are read")
    func valid() throws {
        let image = try ELFImage(parsing: ELFBuilder.valid.bytes())
        #expect(!image.isPositionIndependent)
        #expect(image.loadBias == 0)
        #expect(image.entry == 0x20_0010)
        #expect(image.segments.map(\.address) == [0x20_0000, 0x20_1000, 0x20_2000])
        #expect(image.segments.map(\.byteCount) == [0x40, 9, 0x1808])
        #expect(image.segments.map(\.permissions) == [[.read, .execute], .read, [.read, .write]])
        #expect(image.extent == 0x20_0000..<0x20_3808)
        #expect(image.abiVersion == 1)
        #expect(image.buildID == (0..<20).map { UInt8($0) })
        #expect(image.relocationCount == 0)
    }

    @Test("Loading gives each segment's bytes and its address")
    func load() throws {
        let image = try ELFImage(parsing: ELFBuilder.valid.bytes())
        var loaded: [UInt64: Int] = [:]
        var constants: [UInt8] = []
        image.load { address, bytes in
            loaded[address] = bytes.byteCount
            if address == 0x20_1000 {
                let typed = Span<UInt8>(_bytes: bytes)
                constants = typed.indices.map { typed[$0] }
            }
        }
        #expect(loaded == [0x20_0000: 0x40, 0x20_1000: 9, 0x20_2000: 8])
        #expect(constants == Array("constants".utf8))
    }

    @Test("Segments come in the order of their addresses, whatever the file's")
    func order() throws {
        var builder = ELFBuilder.valid
        builder.segments.reverse()
        #expect(try ELFImage(parsing: builder.bytes()).segments.map(\.address) == [0x20_0000, 0x20_1000, 0x20_2000])
    }

    @Test("Empty segments are left out")
    func emptySegment() throws {
        var builder = ELFBuilder.valid
        builder.segments.append(.init(flags: 7, address: 0))
        #expect(try ELFImage(parsing: builder.bytes()).segments.count == 3)
    }

    @Test("A file without notes has no version and no build-id; that is the host's question")
    func withoutNotes() throws {
        var builder = ELFBuilder.valid
        builder.segments.removeLast(2)
        let image = try ELFImage(parsing: builder.bytes())
        #expect(image.abiVersion == nil)
        #expect(image.buildID == nil)
    }

    @Test("Another ABI version is told as it is")
    func otherVersion() throws {
        var builder = ELFBuilder.valid
        builder.segments[3] = ELFBuilder.note(owner: "Vitrine", type: 1, descriptor: ELFBuilder.word32(2))
        #expect(try ELFImage(parsing: builder.bytes()).abiVersion == 2)
    }

    @Test("Notes of other owners and types are passed over, several in one segment read")
    func otherNotes() throws {
        var builder = ELFBuilder.valid
        builder.segments.removeLast(2)
        var notes = ELFBuilder.note(owner: "Vitrina", type: 1, descriptor: [1, 2, 3, 4])
        notes.bytes += ELFBuilder.note(owner: "Vitrine", type: 2, descriptor: [1, 2, 3, 4]).bytes
        notes.bytes += ELFBuilder.note(owner: "", type: 1, descriptor: []).bytes
        notes.bytes += ELFBuilder.note(owner: "Vitrine", type: 1, descriptor: [7, 0, 0, 0]).bytes
        builder.segments.append(notes)
        #expect(try ELFImage(parsing: builder.bytes()).abiVersion == 7)
    }

    @Test("Notes aligned to 8 are read")
    func alignedNotes() throws {
        var builder = ELFBuilder.valid
        builder.segments.removeLast(2)
        // GNU's property note: 12 + 4 bytes, then a descriptor of 12 bytes padded to 16.
        var notes = ELFBuilder.note(owner: "GNU", type: 5, descriptor: [UInt8](repeating: 0, count: 12))
        notes.bytes += [0, 0, 0, 0]
        // 12 + 8 bytes, then padding to 24, then the descriptor.
        var vitrine = ELFBuilder.note(owner: "Vitrine", type: 1, descriptor: []).bytes
        vitrine[4] = 4
        notes.bytes += vitrine + [0, 0, 0, 0] + ELFBuilder.word32(9)
        notes.alignment = 8
        builder.segments.append(notes)
        #expect(try ELFImage(parsing: builder.bytes()).abiVersion == 9)
    }

    @Test("A position-independent file is loaded at the image base, its words relocated")
    func relocated() throws {
        let builder = ELFBuilder.relocated([(0x1000, 8, 0x10), (0x1038, 8, 0x3031)])
        let image = try ELFImage(parsing: builder.bytes())
        #expect(image.isPositionIndependent)
        #expect(image.entry == 0x20_0010)
        #expect(image.segments.map(\.address) == [0x20_0000, 0x20_1000, 0x20_3000])
        #expect(image.relocationCount == 2)
        var words: [UInt64: UInt64] = [:]
        image.relocate { words[$0] = $1 }
        #expect(words == [0x20_1000: 0x20_0010, 0x20_1038: 0x20_3031])
    }

    @Test("A sparse image in memory costs nothing to read")
    func sparse() throws {
        var builder = ELFBuilder.valid
        builder.segments[2].memoryByteCount = GuestABI.imageLimit - 0x20_2000
        let image = try ELFImage(parsing: builder.bytes())
        #expect(image.extent.upperBound == GuestABI.imageLimit)
        #expect(image.segments[2].fileRange.count == 8)
    }
}
