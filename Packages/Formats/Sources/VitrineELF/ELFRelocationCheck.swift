// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineWire

/// Checks relocations before any is applied.
struct ELFRelocationCheck {
    let segments: [ELFSegment]
    let bias: UInt64

    /// Every relocation is relative, writes inside a segment, and points into the image or to its end.
    func check(_ file: RawSpan, _ table: Range<Int>) throws(ELFError) {
        typealias Offset = ELFRelocationOffset
        let extent = ELFImage.extent(of: segments)
        var last = 0
        for offset in stride(from: table.lowerBound, to: table.upperBound, by: Offset.byteCount) {
            let info = file.uint64(at: offset + Offset.info)
            // The upper half names a symbol, which a relative relocation has not.
            guard info == UInt64(ELFValue.relative) else {
                throw .unsupportedRelocation(type: UInt32(truncatingIfNeeded: info), offset: offset)
            }
            let linkAddress = file.uint64(at: offset + Offset.address)
            let address = linkAddress &+ bias
            // Neighbours are mostly in one segment.
            if !segments[last].contains(address: address, byteCount: 8) {
                guard let index = segments.firstIndex(where: { $0.contains(address: address, byteCount: 8) }) else {
                    throw .relocationOutsideSegments(address: linkAddress, offset: offset)
                }
                last = index
            }
            let value = file.uint64(at: offset + Offset.addend) &+ bias
            guard value >= extent.lowerBound, value <= extent.upperBound else {
                throw .relocationValueOutsideImage(value: value, offset: offset)
            }
        }
    }
}
