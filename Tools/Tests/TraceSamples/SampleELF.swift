// SPDX-License-Identifier: MIT OR Apache-2.0

/// A small guest image with a symbol table, written field by field (ELF64, System V gABI chapter 4).
public enum SampleELF {
    /// The build id of the image.
    public static let buildID: [UInt8] = [0xC0, 0xFF, 0xEE, 0x01]

    /// The functions of the image: name, address, bytes of code.
    public static let functions: [(name: String, address: UInt64, byteCount: UInt64)] = [
        ("start", 0x20_0000, 0x100),
        ("$s11simpleguest8makeList5countySi_tF", 0x20_0100, 0x80),
        ("malloc", 0x20_0180, 0x40),
        ("evil\u{1B}[31m", 0x20_01C0, 0x10),
        (
            "$eSa28_allocateBufferUninitialized15minimumCapacitys016_ContiguousArrayB0VyxGSi_tFZs5UInt8V_Tt0g5",
            0x20_0200, 8
        ),
        ("no_size", 0x20_1000, 0),
    ]

    /// The file.
    public static func bytes(buildID: [UInt8] = Self.buildID) -> [UInt8] {
        var strings: [UInt8] = [0]
        var symbols = [UInt8](repeating: 0, count: 24)
        for function in functions {
            symbols.append(UInt32(strings.count))
            symbols += [0x12, 0]  // global function
            symbols.append(UInt16(1))
            symbols.append(function.address)
            symbols.append(function.byteCount)
            strings += Array(function.name.utf8) + [0]
        }
        let note: [UInt8] = words([4, UInt32(buildID.count), 3]) + Array("GNU\0".utf8) + buildID

        let programHeaders = 64
        let noteStart = programHeaders + 2 * 56
        let symbolStart = (noteStart + note.count + 7) / 8 * 8
        let stringStart = symbolStart + symbols.count
        let sectionHeaders = (stringStart + strings.count + 7) / 8 * 8

        var file: [UInt8] = [0x7F, 0x45, 0x4C, 0x46, 2, 1, 1] + [UInt8](repeating: 0, count: 9)
        file.append(UInt16(2))  // executable
        file.append(UInt16(62))  // x86-64
        file.append(UInt32(1))
        file.append(UInt64(0x20_0000))  // entry
        file.append(UInt64(programHeaders))
        file.append(UInt64(sectionHeaders))
        file.append(UInt32(0))
        for half in [64, 56, 2, 64, 3, 0] { file.append(UInt16(half)) }
        appendProgramHeader(&file, type: 1, flags: 5, offset: 0, address: 0x20_0000, fileBytes: 64, memoryBytes: 0x2000)
        appendProgramHeader(
            &file, type: 4, flags: 4, offset: noteStart, address: 0, fileBytes: note.count, memoryBytes: note.count)
        file += note
        file += [UInt8](repeating: 0, count: symbolStart - file.count)
        file += symbols + strings
        file += [UInt8](repeating: 0, count: sectionHeaders - file.count)
        file += [UInt8](repeating: 0, count: 64)
        appendSectionHeader(&file, type: 2, offset: symbolStart, byteCount: symbols.count, link: 2, entryBytes: 24)
        appendSectionHeader(&file, type: 3, offset: stringStart, byteCount: strings.count, link: 0, entryBytes: 0)
        return file
    }

    private static func words(_ values: [UInt32]) -> [UInt8] {
        var bytes: [UInt8] = []
        for value in values { bytes.append(value) }
        return bytes
    }

    private static func appendProgramHeader(
        _ file: inout [UInt8], type: UInt32, flags: UInt32, offset: Int, address: UInt64, fileBytes: Int,
        memoryBytes: Int
    ) {
        file.append(type)
        file.append(flags)
        file.append(UInt64(offset))
        file.append(address)
        file.append(address)
        file.append(UInt64(fileBytes))
        file.append(UInt64(memoryBytes))
        file.append(UInt64(type == 1 ? 4096 : 4))
    }

    private static func appendSectionHeader(
        _ file: inout [UInt8], type: UInt32, offset: Int, byteCount: Int, link: UInt32, entryBytes: UInt64
    ) {
        file.append(UInt32(0))
        file.append(type)
        file.append(UInt64(0))
        file.append(UInt64(0))
        file.append(UInt64(offset))
        file.append(UInt64(byteCount))
        file.append(link)
        file.append(UInt32(0))
        file.append(UInt64(8))
        file.append(entryBytes)
    }
}

extension [UInt8] {
    fileprivate mutating func append<T: FixedWidthInteger>(_ value: T) {
        for index in 0..<(T.bitWidth / 8) {
            append(UInt8(truncatingIfNeeded: value >> T(truncatingIfNeeded: index * 8)))
        }
    }
}
