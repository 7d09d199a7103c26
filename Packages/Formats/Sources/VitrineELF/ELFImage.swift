// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineWire

/// A guest image: a static x86-64 ELF file that can be loaded as it is.
///
/// Reading is total and bounded: any bytes give an image or an ``ELFError``, nothing is allocated but the short list
/// of segments, and the work is linear in the file. What an image tells was checked, so a host can load it without
/// further questions: see ``load(_:)`` and ``relocate(_:)``. Section headers are not looked at.
public struct ELFImage: Sendable {
    /// The most of everything that a file may have.
    public enum Limit {
        /// Bytes of the file, debugging information included.
        public static let fileBytes = 256 << 20
        /// Program headers.
        public static let programHeaders = 64
        /// Segments to load.
        public static let segments = 32
        /// Bytes of all notes.
        public static let noteBytes = 64 << 10
        /// Entries of the dynamic section.
        public static let dynamicEntries = 1024
        /// Relocations.
        public static let relocations = 1 << 20
    }

    /// The file.
    public let bytes: [UInt8]

    /// Whether the file is position-independent; such a one is loaded at ``GuestABI/imageBase``.
    public let isPositionIndependent: Bool

    /// Where execution starts, in guest memory; inside an executable segment.
    public let entry: UInt64

    /// The segments in the order of their addresses; at least one.
    public let segments: [ELFSegment]

    /// The version of the guest ABI that the image was built for, or nil if it does not say.
    public let abiVersion: UInt32?

    /// The build-id that the linker put in (`NT_GNU_BUILD_ID`), or nil.
    public let buildID: [UInt8]?

    /// Where the relocations are in the file.
    let relocationTable: Range<Int>

    /// The difference between an address in guest memory and in the file.
    public var loadBias: UInt64 { isPositionIndependent ? GuestABI.imageBase : 0 }

    /// From the lowest to the highest byte of the segments.
    public var extent: Range<UInt64> { Self.extent(of: segments) }

    /// Reads and checks a file. Linear in the number of headers, notes and relocations; keeps the array, no copy.
    public init(parsing bytes: [UInt8]) throws(ELFError) {
        let file = bytes.span.rawBytes
        let header = try ELFHeader(file)
        let programHeaders = try ELFProgramHeaders(file, header)
        let segments = programHeaders.segments
        let entry = header.entry &+ header.loadBias
        guard segments.contains(where: { $0.permissions.contains(.execute) && $0.addresses.contains(entry) }) else {
            throw .entryOutsideCode(address: entry)
        }
        var table = 0..<0
        if let dynamic = programHeaders.dynamic {
            let section = try ELFDynamicSection(file, dynamic)
            table = try section.relocationTable(
                file, segments: segments, bias: header.loadBias, isPositionIndependent: header.isPositionIndependent)
            let check = ELFRelocationCheck(segments: segments, bias: header.loadBias)
            try check.check(file, table)
        }
        self.bytes = bytes
        isPositionIndependent = header.isPositionIndependent
        self.entry = entry
        self.segments = segments
        abiVersion = programHeaders.notes.abiVersion
        buildID = programHeaders.notes.buildID.map { file.extracting($0).array() }
        relocationTable = table
    }

    static func extent(of segments: [ELFSegment]) -> Range<UInt64> {
        guard let first = segments.first, let last = segments.last else { return 0..<0 }
        return first.addresses.lowerBound..<last.addresses.upperBound
    }
}
