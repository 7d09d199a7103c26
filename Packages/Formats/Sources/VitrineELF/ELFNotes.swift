// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineWire

/// The notes that matter here: the guest ABI's version, and the linker's build-id. The first of each counts.
struct ELFNotes {
    private(set) var abiVersion: UInt32?
    private(set) var buildID: Range<Int>?
    private var readBytes = 0

    /// Reads the notes of one segment (`Elf64_Nhdr`: name size, descriptor size, type; then name and descriptor).
    mutating func read(_ file: RawSpan, _ range: Range<Int>, alignment: UInt64) throws(ELFError) {
        readBytes += range.count
        guard readBytes <= ELFImage.Limit.noteBytes else {
            throw .tooMany(.noteBytes, count: UInt64(readBytes), limit: ELFImage.Limit.noteBytes)
        }
        // Notes are aligned to 4; a segment aligned to 8 aligns its descriptors and ends to 8 as well.
        let mask = alignment == 8 ? 7 : 3
        var offset = range.lowerBound
        while range.upperBound - offset >= 12 {
            let nameByteCount = Int(file.uint32(at: offset))
            let descriptorByteCount = Int(file.uint32(at: offset + 4))
            let nameStart = offset + 12
            let descriptorStart = offset + ((12 + nameByteCount + mask) & ~mask)
            let end = descriptorStart + descriptorByteCount
            guard end <= range.upperBound else { throw .malformedNote(offset: offset) }
            let type = file.uint32(at: offset + 8)
            let name = file.extracting(nameStart..<(nameStart + nameByteCount))
            if type == GuestABI.noteType, Self.isOwner(name, GuestABI.noteOwner) {
                guard descriptorByteCount == 4 else { throw .malformedNote(offset: offset) }
                abiVersion = abiVersion ?? file.uint32(at: descriptorStart)
            } else if type == ELFValue.buildIDNote, Self.isOwner(name, "GNU"), buildID == nil {
                buildID = descriptorStart..<end
            }
            // The last note's padding may be missing.
            offset = min(range.lowerBound + ((end - range.lowerBound + mask) & ~mask), range.upperBound)
        }
    }

    /// Whether a note's name is this one and its terminating zero.
    private static func isOwner(_ name: RawSpan, _ owner: String) -> Bool {
        let owner = owner.utf8
        guard name.byteCount == owner.count + 1, name.uint8(at: owner.count) == 0 else { return false }
        var offset = 0
        for byte in owner {
            guard name.uint8(at: offset) == byte else { return false }
            offset += 1
        }
        return true
    }
}
