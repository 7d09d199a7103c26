// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import VitrineELF
import VitrineWire

/// Every kind of file that is no image, each with the error that says so.
@Suite("Files that are no image")
struct ELFErrorTests {
    @Test("Every shorter file is truncated, or lacks what a header describes")
    func truncated() {
        let bytes = ELFBuilder.valid.bytes()
        // Everything behind the notes is the symbol table's.
        let contentsEnd = 64 + 56 * 5 + 0x40 + 9 + 8 + 24 + 36
        for count in 0..<contentsEnd {
            #expect(throws: ELFError.self) { try ELFImage(parsing: Array(bytes[..<count])) }
        }
        #expect(throws: Never.self) { try ELFImage(parsing: Array(bytes[..<contentsEnd])) }
        expect(.truncated(offset: 0, needed: 64), Array(bytes[..<63]))
        expect(.truncated(offset: 0, needed: 64), [])
        expect(.truncated(offset: 32, needed: 56 * 5), Array(bytes[..<200]))
    }

    @Test("A file that is no ELF")
    func notELF() {
        expect(.notELF, Array("#!/bin/sh\n".utf8))
        expect(.notELF, [UInt8](repeating: 0, count: 4096))
    }

    @Test("A 32-bit file")
    func bits32() {
        expect(.not64Bit(fileClass: 1)) { $0.fileClass = 1 }
        expect(.not64Bit(fileClass: 0)) { $0.fileClass = 0 }
    }

    @Test("A big-endian file")
    func bigEndian() {
        expect(.notLittleEndian(data: 2)) { $0.data = 2 }
    }

    @Test("A file of another ELF version")
    func version() {
        expect(.badVersion(0, offset: 6)) { $0.identVersion = 0 }
        expect(.badVersion(2, offset: 20)) { $0.version = 2 }
    }

    @Test("A file for another machine", arguments: [3, 40, 183, 243] as [UInt16])
    func otherMachine(machine: UInt16) {
        expect(.wrongMachine(machine)) { $0.machine = machine }
    }

    @Test("An object file or a core dump", arguments: [0, 1, 4] as [UInt16])
    func fileType(type: UInt16) {
        expect(.wrongFileType(type)) { $0.type = type }
    }

    @Test("Program headers of another size")
    func programHeaderSize() {
        expect(.badEntrySize(32, offset: 54)) { $0.programHeaderSize = 32 }
    }

    @Test("Program headers outside the file", arguments: [UInt64(1) << 20, .max, .max - 279])
    func programHeadersOutside(offset: UInt64) {
        expect(.truncated(offset: 32, needed: 280)) { $0.programHeaderOffset = offset }
    }

    @Test("Too many program headers", arguments: [65, 0xFFFF] as [UInt16])
    func tooManyHeaders(count: UInt16) {
        expect(.tooMany(.programHeaders, count: UInt64(count), limit: 64)) { $0.programHeaderCount = count }
    }

    @Test("Too many segments")
    func tooManySegments() {
        expect(.tooMany(.segments, count: 33, limit: 32)) { builder in
            builder.segments = (0..<33).map { .init(flags: 5, address: 0x20_0000 + $0 * 0x1000, bytes: [0]) }
        }
    }

    @Test("No segments, or only empty ones")
    func noSegments() {
        expect(.noSegments) { $0.segments = [] }
        expect(.noSegments) { $0.segments = [.init(flags: 5, address: 0x20_0000)] }
    }

    @Test("A segment whose bytes are not in the file")
    func outsideFile() {
        let header = 64
        expect(.segmentOutsideFile(fileOffset: 1 << 40, byteCount: 0x40, offset: header)) {
            $0.segments[0].fileOffset = 1 << 40
        }
        expect(.segmentOutsideFile(fileOffset: .max, byteCount: 0x40, offset: header)) {
            $0.segments[0].fileOffset = .max
        }
        expect(.segmentOutsideFile(fileOffset: 0, byteCount: 1 << 20, offset: header)) {
            $0.segments[0].fileOffset = 0
            $0.segments[0].fileByteCount = 1 << 20
            $0.segments[0].memoryByteCount = 1 << 20
        }
    }

    @Test("A segment with more bytes in the file than in memory")
    func fileExceedsMemory() {
        expect(.segmentFileExceedsMemory(fileByteCount: 0x40, memoryByteCount: 0x3F, offset: 64)) {
            $0.segments[0].memoryByteCount = 0x3F
        }
        expect(.segmentFileExceedsMemory(fileByteCount: 0x40, memoryByteCount: 0, offset: 64)) {
            $0.segments[0].memoryByteCount = 0
        }
    }

    @Test("An enormous segment", arguments: [0x400_0001, 1 << 40, UInt64.max])
    func enormous(byteCount: UInt64) {
        expect(.segmentOutsideWindow(address: 0x20_0000, byteCount: byteCount, offset: 64)) {
            $0.segments[0].memoryByteCount = byteCount
        }
    }

    @Test("A segment outside the window", arguments: [0, 0x1F_FFFF, 0x41F_FFFF, 0x420_0000, .max - 8] as [UInt64])
    func outsideWindow(address: UInt64) {
        expect(.segmentOutsideWindow(address: address, byteCount: 0x40, offset: 64)) {
            $0.segments[0].address = address
        }
    }

    @Test("A position-independent file whose load bias overflows")
    func biasOverflow() {
        var builder = ELFBuilder.dynamic([])
        builder.segments[0].address = .max - 0xFFF
        let error = ELFError.segmentOutsideWindow(address: .max - 0xFFF, byteCount: 0x40, offset: 64)
        expect(error, builder.bytes())
    }

    @Test("Overlapping segments")
    func overlap() {
        expect(.segmentsOverlap(address: 0x20_0020, offset: 64 + 56)) { $0.segments[1].address = 0x20_0020 }
        expect(.segmentsOverlap(address: 0x20_1000, offset: 64 + 56)) { $0.segments[0].memoryByteCount = 0x1001 }
    }

    @Test("Segments that share a page")
    func sharedPage() {
        expect(.segmentsSharePage(address: 0x20_0800, offset: 64 + 56)) { $0.segments[1].address = 0x20_0800 }
    }

    @Test("A segment that may be written and executed")
    func writableAndExecutable() {
        expect(.writableAndExecutable(address: 0x20_0000, offset: 64)) { $0.segments[0].flags = 7 }
        expect(.writableAndExecutable(address: 0x20_0000, offset: 64)) { $0.segments[0].flags = 3 }
    }

    @Test("A segment that may not be read", arguments: [0, 1, 2, 8] as [UInt32])
    func notReadable(flags: UInt32) {
        expect(.notReadable(address: 0x20_0000, offset: 64)) { $0.segments[0].flags = flags }
    }

    @Test("An entry outside the code", arguments: [0, 0x1F_FFFF, 0x20_0040, 0x20_1000, 0x20_2000, .max] as [UInt64])
    func entry(address: UInt64) {
        expect(.entryOutsideCode(address: address)) { $0.entry = address }
    }

    @Test("A file that needs a dynamic linker, a library or thread-local variables")
    func needs() {
        let last = 64 + 56 * 5
        expect(.needsInterpreter(offset: last)) { $0.segments.append(.init(type: 3, flags: 4, address: 0)) }
        expect(.needsThreadLocalStorage(offset: last)) {
            $0.segments.append(.init(type: 7, flags: 4, address: 0, zeros: 8))
        }
        let builder = ELFBuilder.dynamic([(1, 1)])
        let section = builder.bytes().count - 32
        expect(.needsLibrary(offset: section), builder.bytes())
    }

    @Test("Notes that do not fit their segment, or too many of them")
    func badNotes() {
        let note = 64 + 56 * 5 + 0x40 + 9 + 8
        expect(.malformedNote(offset: note)) { $0.segments[3].bytes[0] = 0xFF }
        expect(.malformedNote(offset: note)) {
            $0.segments[3].bytes.replaceSubrange(0..<4, with: [255, 255, 255, 255])
        }
        expect(.malformedNote(offset: note)) {
            $0.segments[3].bytes.replaceSubrange(4..<8, with: [255, 255, 255, 255])
        }
        expect(.malformedNote(offset: note)) { $0.segments[3].bytes[4] = 3 }
        expect(.tooMany(.noteBytes, count: 65560, limit: 65536)) {
            $0.segments[4].bytes = [UInt8](repeating: 0, count: 65536)
        }
    }

    @Test("An entry of a symbol table with another size, or names of no section")
    func badSymbols() {
        var builder = ELFBuilder.valid
        builder.symbolEntrySize = 16
        #expect(throws: ELFError.self) { try ELFSymbols(parsing: builder.bytes()) }
        builder = .valid
        builder.stringSection = 3
        #expect(throws: ELFError.self) { try ELFSymbols(parsing: builder.bytes()) }
        builder.stringSection = 1
        #expect(throws: ELFError.self) { try ELFSymbols(parsing: builder.bytes()) }
        builder = .valid
        builder.sectionHeaderSize = 40
        #expect(throws: ELFError.badEntrySize(40, offset: 58)) { try ELFSymbols(parsing: builder.bytes()) }
        // The image itself does not need sections.
        #expect(throws: Never.self) { try ELFImage(parsing: builder.bytes()) }
    }

    private func expect(
        _ error: ELFError, sourceLocation: SourceLocation = #_sourceLocation, _ change: (inout ELFBuilder) -> Void
    ) {
        var builder = ELFBuilder.valid
        change(&builder)
        expect(error, builder.bytes(), sourceLocation: sourceLocation)
    }

    private func expect(_ error: ELFError, _ bytes: [UInt8], sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(throws: error, sourceLocation: sourceLocation) { try ELFImage(parsing: bytes) }
    }
}
