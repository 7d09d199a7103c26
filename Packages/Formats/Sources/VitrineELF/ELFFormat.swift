// SPDX-License-Identifier: MIT OR Apache-2.0

// Numbers of the ELF-64 object file format and of the System V ABI's AMD64 supplement, under their names there.

/// The file header (`Elf64_Ehdr`).
enum ELFHeaderOffset {
    static let fileClass = 4  // e_ident[EI_CLASS]
    static let data = 5  // e_ident[EI_DATA]
    static let identVersion = 6  // e_ident[EI_VERSION]
    static let type = 16
    static let machine = 18
    static let version = 20
    static let entry = 24
    static let programHeaders = 32  // e_phoff
    static let sectionHeaders = 40  // e_shoff
    static let programHeaderSize = 54  // e_phentsize
    static let programHeaderCount = 56  // e_phnum
    static let sectionHeaderSize = 58  // e_shentsize
    static let sectionHeaderCount = 60  // e_shnum
    static let byteCount = 64
}

/// A program header (`Elf64_Phdr`).
enum ELFProgramHeaderOffset {
    static let type = 0
    static let flags = 4
    static let fileOffset = 8
    static let address = 16  // p_vaddr
    static let fileByteCount = 32  // p_filesz
    static let memoryByteCount = 40  // p_memsz
    static let alignment = 48
    static let byteCount = 56
}

/// A section header (`Elf64_Shdr`).
enum ELFSectionHeaderOffset {
    static let type = 4
    static let fileOffset = 24
    static let byteCountField = 32  // sh_size
    static let link = 40
    static let entrySize = 56
    static let byteCount = 64
}

/// A symbol (`Elf64_Sym`).
enum ELFSymbolOffset {
    static let name = 0
    static let info = 4
    static let section = 6
    static let value = 8
    static let size = 16
    static let byteCount = 24
}

/// A relocation with addend (`Elf64_Rela`).
enum ELFRelocationOffset {
    static let address = 0
    static let info = 8
    static let addend = 16
    static let byteCount = 24
}

/// Values of those fields.
enum ELFValue {
    static let magic: UInt32 = 0x464C_457F  // 0x7F "ELF"
    static let class64: UInt8 = 2  // ELFCLASS64
    static let littleEndian: UInt8 = 1  // ELFDATA2LSB
    static let currentVersion: UInt32 = 1  // EV_CURRENT
    static let executable: UInt16 = 2  // ET_EXEC
    static let positionIndependent: UInt16 = 3  // ET_DYN
    static let x86: UInt16 = 62  // EM_X86_64

    static let load: UInt32 = 1  // PT_LOAD
    static let dynamic: UInt32 = 2  // PT_DYNAMIC
    static let interpreter: UInt32 = 3  // PT_INTERP
    static let note: UInt32 = 4  // PT_NOTE
    static let threadLocalStorage: UInt32 = 7  // PT_TLS

    static let symbolTable: UInt32 = 2  // SHT_SYMTAB
    static let stringTable: UInt32 = 3  // SHT_STRTAB
    static let function: UInt8 = 2  // STT_FUNC
    static let undefinedSection: UInt16 = 0  // SHN_UNDEF

    static let relative: UInt32 = 8  // R_X86_64_RELATIVE
    static let buildIDNote: UInt32 = 3  // NT_GNU_BUILD_ID
}

/// Tags of the dynamic section (`Elf64_Dyn`).
enum ELFDynamicTag {
    static let null: UInt64 = 0
    static let needed: UInt64 = 1
    static let procedureLinkageByteCount: UInt64 = 2  // DT_PLTRELSZ
    static let relocations: UInt64 = 7  // DT_RELA
    static let relocationByteCount: UInt64 = 8  // DT_RELASZ
    static let relocationEntrySize: UInt64 = 9  // DT_RELAENT
    static let relWithoutAddend: UInt64 = 17  // DT_REL
    static let procedureLinkage: UInt64 = 23  // DT_JMPREL
    static let relativeBitmapByteCount: UInt64 = 35  // DT_RELRSZ
    static let relativeBitmap: UInt64 = 36  // DT_RELR
    static let entryByteCount = 16
}
