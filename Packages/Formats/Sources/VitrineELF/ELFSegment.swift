// SPDX-License-Identifier: MIT OR Apache-2.0

/// What guest code may do with a segment (`PF_X`, `PF_W`, `PF_R`).
public struct ELFPermissions: OptionSet, Hashable, Sendable {
    /// The bits as in `p_flags`.
    public let rawValue: UInt32

    /// Takes the bits as they are.
    public init(rawValue: UInt32) {
        self.rawValue = rawValue
    }

    /// May be executed.
    public static let execute = ELFPermissions(rawValue: 1)
    /// May be written.
    public static let write = ELFPermissions(rawValue: 2)
    /// May be read; every segment may.
    public static let read = ELFPermissions(rawValue: 4)
}

/// A part of the image: what it holds, and where it goes.
///
/// ``ELFImage`` has checked all of it: the file range is in the file and not larger than the memory, the memory is
/// inside the window of the guest ABI, no two segments share a page, none is writable and executable.
public struct ELFSegment: Hashable, Sendable {
    /// The lowest byte in guest memory, with the load bias; not rounded to a page.
    public let address: UInt64

    /// Bytes in guest memory; those beyond the file's are zero.
    public let byteCount: Int

    /// The bytes in the file.
    public let fileRange: Range<Int>

    /// What guest code may do.
    public let permissions: ELFPermissions

    /// Where the program header is in the file.
    let headerOffset: Int

    /// The guest addresses.
    public var addresses: Range<UInt64> { address..<(address + UInt64(byteCount)) }

    /// The 4 KiB pages, by number.
    var pages: Range<UInt64> { (address >> 12)..<((address + UInt64(byteCount) + 0xFFF) >> 12) }

    func contains(address: UInt64, byteCount: UInt64) -> Bool {
        let range = addresses
        return address >= range.lowerBound && address <= range.upperBound && byteCount <= range.upperBound - address
    }
}
