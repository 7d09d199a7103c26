// SPDX-License-Identifier: MIT OR Apache-2.0

/// Builds small ELF files, right ones and wrong ones: every field can be set to anything.
struct ELFBuilder {
    /// A program header; the segment's bytes follow all headers in the file.
    struct Segment {
        var type: UInt32 = 1
        var flags: UInt32
        var address: UInt64
        var bytes: [UInt8] = []
        /// The file's bytes plus this many zeros, unless ``memoryByteCount`` says otherwise.
        var zeros: UInt64 = 0
        var fileOffset: UInt64?
        var fileByteCount: UInt64?
        var memoryByteCount: UInt64?
        var alignment: UInt64 = 4096
    }

    /// A function of the symbol table.
    struct Function {
        var name: String
        var address: UInt64
        var byteCount: UInt64
        var info: UInt8 = 0x12
    }

    var fileClass: UInt8 = 2
    var data: UInt8 = 1
    var identVersion: UInt8 = 1
    var type: UInt16 = 2
    var machine: UInt16 = 62
    var version: UInt32 = 1
    var entry: UInt64 = 0x20_0010
    var programHeaderOffset: UInt64?
    var programHeaderSize: UInt16 = 56
    var programHeaderCount: UInt16?
    var sectionHeaderSize: UInt16 = 64
    var symbolEntrySize: UInt64 = 24
    var stringSection: UInt32 = 2
    var segments: [Segment] = []
    var functions: [Function] = []

    /// Code at 0x200000, constants at 0x201000, variables at 0x202000, notes.
    static var valid: ELFBuilder {
        var builder = ELFBuilder()
        builder.segments = [
            Segment(flags: 5, address: 0x20_0000, bytes: [UInt8](repeating: 0x90, count: 0x40)),
            Segment(flags: 4, address: 0x20_1000, bytes: Array("constants".utf8)),
            Segment(flags: 6, address: 0x20_2000, bytes: [1, 2, 3, 4, 5, 6, 7, 8], zeros: 0x1800),
            note(owner: "Vitrine", type: 1, descriptor: word32(1)),
            note(owner: "GNU", type: 3, descriptor: (0..<20).map { UInt8($0) }),
        ]
        builder.functions = [
            Function(name: "$s5guest4mainyyF", address: 0x20_0010, byteCount: 0x10),
            Function(name: "start", address: 0x20_0000, byteCount: 0),
            Function(name: "data", address: 0x20_2000, byteCount: 8, info: 0x11),
        ]
        return builder
    }

    /// A position-independent file whose relocations are these, at 0x3000 of its own addresses.
    static func relocated(_ relocations: [(address: UInt64, info: UInt64, addend: UInt64)]) -> ELFBuilder {
        let table = relocations.flatMap { word64($0.address) + word64($0.info) + word64($0.addend) }
        return dynamic([(7, 0x3000), (8, UInt64(table.count)), (9, 24)], relocations: table)
    }

    /// A position-independent file with this dynamic section.
    static func dynamic(_ entries: [(tag: UInt64, value: UInt64)], relocations: [UInt8] = []) -> ELFBuilder {
        var builder = ELFBuilder()
        builder.type = 3
        builder.entry = 0x10
        let section = (entries + [(0, 0)]).flatMap { word64($0.tag) + word64($0.value) }
        builder.segments = [
            Segment(flags: 5, address: 0, bytes: [UInt8](repeating: 0x90, count: 0x40)),
            Segment(flags: 6, address: 0x1000, bytes: [UInt8](repeating: 0, count: 0x20), zeros: 0x20),
            Segment(flags: 4, address: 0x3000, bytes: relocations + [0]),
            Segment(type: 2, flags: 6, address: 0, bytes: section),
        ]
        return builder
    }

    static func note(owner: String, type: UInt32, descriptor: [UInt8]) -> Segment {
        var bytes = word32(UInt32(owner.utf8.count + 1)) + word32(UInt32(descriptor.count)) + word32(type)
        bytes += Array(owner.utf8) + [0]
        bytes += [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4)
        return Segment(type: 4, flags: 4, address: 0, bytes: bytes + descriptor, alignment: 4)
    }

    /// The file.
    func bytes() -> [UInt8] {
        let headersEnd = 64 + 56 * segments.count
        var contents: [UInt8] = []
        var headers: [UInt8] = []
        for segment in segments {
            let offset = UInt64(headersEnd + contents.count)
            let count = UInt64(segment.bytes.count)
            headers += Self.word32(segment.type) + Self.word32(segment.flags)
            headers += Self.word64(segment.fileOffset ?? offset)
            headers += Self.word64(segment.address) + Self.word64(segment.address)
            headers += Self.word64(segment.fileByteCount ?? count)
            headers += Self.word64(segment.memoryByteCount ?? (count + segment.zeros))
            headers += Self.word64(segment.alignment)
            contents += segment.bytes
        }
        var file: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, fileClass, data, identVersion, 0] + Self.word64(0)
        file += Self.word16(type) + Self.word16(machine) + Self.word32(version)
        file += Self.word64(entry) + Self.word64(programHeaderOffset ?? 64)
        file += Self.word64(UInt64(headersEnd + contents.count) + symbolBytes)
        file += Self.word32(0) + Self.word16(64)
        file += Self.word16(programHeaderSize) + Self.word16(programHeaderCount ?? UInt16(segments.count))
        file += Self.word16(sectionHeaderSize) + Self.word16(functions.isEmpty ? 0 : 3) + Self.word16(0)
        return file + headers + contents + symbolTable(at: UInt64(headersEnd + contents.count))
    }

    static func word16(_ value: UInt16) -> [UInt8] { [UInt8(value & 0xFF), UInt8(value >> 8)] }

    static func word32(_ value: UInt32) -> [UInt8] {
        word16(UInt16(truncatingIfNeeded: value)) + word16(UInt16(value >> 16))
    }

    static func word64(_ value: UInt64) -> [UInt8] {
        word32(UInt32(truncatingIfNeeded: value)) + word32(UInt32(value >> 32))
    }
}

extension ELFBuilder {
    private var strings: [UInt8] { [0] + functions.flatMap { Array($0.name.utf8) + [0] } }

    private var symbolBytes: UInt64 {
        functions.isEmpty ? 0 : UInt64(24 * (functions.count + 1) + strings.count)
    }

    /// Symbols, their names, and the section headers: none, symbol table, string table.
    private func symbolTable(at offset: UInt64) -> [UInt8] {
        guard !functions.isEmpty else { return [] }
        var symbols = [UInt8](repeating: 0, count: 24)
        var name: UInt32 = 1
        for function in functions {
            symbols += Self.word32(name) + [function.info, 0] + Self.word16(1)
            symbols += Self.word64(function.address) + Self.word64(function.byteCount)
            name += UInt32(function.name.utf8.count + 1)
        }
        let stringsOffset = offset + UInt64(symbols.count)
        var sections = [UInt8](repeating: 0, count: 64)
        sections += section(type: 2, offset, UInt64(symbols.count), link: stringSection, entrySize: symbolEntrySize)
        sections += section(type: 3, stringsOffset, UInt64(strings.count), link: 0, entrySize: 0)
        return symbols + strings + sections
    }

    private func section(
        type: UInt32, _ offset: UInt64, _ byteCount: UInt64, link: UInt32, entrySize: UInt64
    ) -> [UInt8] {
        var header = Self.word32(0) + Self.word32(type) + Self.word64(0) + Self.word64(0)
        header += Self.word64(offset) + Self.word64(byteCount)
        header += Self.word32(link) + Self.word32(0) + Self.word64(0) + Self.word64(entrySize)
        return header
    }
}
