// SPDX-License-Identifier: MIT OR Apache-2.0

/// Why a file is no image that can be run, or has no symbols that can be read.
///
/// `offset` is always that of the offending bytes in the file, or of the header that describes them.
public enum ELFError: Error, Equatable, Sendable {
    /// A table with a stated maximum.
    public enum Table: String, Sendable {
        /// Program headers.
        case programHeaders
        /// Segments to load.
        case segments
        /// Bytes of notes.
        case noteBytes
        /// Entries of the dynamic section.
        case dynamicEntries
        /// Dynamic relocations.
        case relocations
        /// Section headers.
        case sectionHeaders
        /// Symbols.
        case symbols
    }

    /// The file ends before the `needed` bytes of the file header, or of the table that the header at `offset`
    /// describes.
    case truncated(offset: Int, needed: UInt64)

    /// The file is larger than ``ELFImage/Limit/fileBytes``.
    case fileTooLarge(byteCount: Int)

    /// The file does not begin with ELF's magic number.
    case notELF

    /// A 32-bit file, or no class at all.
    case not64Bit(fileClass: UInt8)

    /// A big-endian file, or no byte order at all.
    case notLittleEndian(data: UInt8)

    /// Another version than ELF's only one.
    case badVersion(UInt32, offset: Int)

    /// A file for another machine than x86-64.
    case wrongMachine(UInt16)

    /// Neither an executable nor a position-independent one.
    case wrongFileType(UInt16)

    /// Entries of another size than ELF-64's.
    case badEntrySize(UInt64, offset: Int)

    /// More entries than this reader takes.
    case tooMany(Table, count: UInt64, limit: Int)

    /// Nothing to load.
    case noSegments

    /// A segment's bytes are not in the file.
    case segmentOutsideFile(fileOffset: UInt64, byteCount: UInt64, offset: Int)

    /// A segment has more bytes in the file than in memory.
    case segmentFileExceedsMemory(fileByteCount: UInt64, memoryByteCount: UInt64, offset: Int)

    /// A segment lies, wholly or partly, outside the addresses that the guest ABI gives to images; or its end
    /// exceeds 64 bits.
    case segmentOutsideWindow(address: UInt64, byteCount: UInt64, offset: Int)

    /// Two segments share bytes.
    case segmentsOverlap(address: UInt64, offset: Int)

    /// Two segments share a 4 KiB page: link with `-z separate-code`.
    case segmentsSharePage(address: UInt64, offset: Int)

    /// A segment may be written and executed.
    case writableAndExecutable(address: UInt64, offset: Int)

    /// A segment may not be read.
    case notReadable(address: UInt64, offset: Int)

    /// The entry point is in no executable segment.
    case entryOutsideCode(address: UInt64)

    /// The image asks for a dynamic linker.
    case needsInterpreter(offset: Int)

    /// The image asks for a shared library.
    case needsLibrary(offset: Int)

    /// The image has thread-local variables, which guests have not.
    case needsThreadLocalStorage(offset: Int)

    /// A second dynamic section.
    case secondDynamicSection(offset: Int)

    /// A dynamic section entry that asks for what guests have not, by its tag.
    case unsupportedDynamicEntry(tag: UInt64, offset: Int)

    /// The relocations are not in the file's bytes of any segment.
    case relocationsOutsideSegments(address: UInt64, byteCount: UInt64)

    /// A relocation of another type than `R_X86_64_RELATIVE`, or any in an image with fixed addresses.
    case unsupportedRelocation(type: UInt32, offset: Int)

    /// A relocation would write outside the segments.
    case relocationOutsideSegments(address: UInt64, offset: Int)

    /// A relocation would make a pointer to outside the image.
    case relocationValueOutsideImage(value: UInt64, offset: Int)

    /// A note does not fit its segment, or its descriptor is not what its type says.
    case malformedNote(offset: Int)

    /// A symbol table without the string table that holds its names.
    case badStringTable(section: UInt32, offset: Int)
}
