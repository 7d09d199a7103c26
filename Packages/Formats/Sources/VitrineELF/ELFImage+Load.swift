// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineWire

extension ELFImage {
    /// Gives the file's bytes of each segment with the address where they go, in the order of the addresses.
    ///
    /// The memory is zero but for them. No copy is made. Follow with ``relocate(_:)``.
    public func load<Failure>(
        _ body: (_ address: UInt64, _ bytes: RawSpan) throws(Failure) -> Void
    ) throws(Failure) {
        for segment in segments where !segment.fileRange.isEmpty {
            try body(segment.address, bytes.span.rawBytes.extracting(segment.fileRange))
        }
    }

    /// Gives each word that the load bias changes: its address in guest memory, and its new 8-byte value.
    ///
    /// Every address is inside a segment, every value inside the image or at its end. Nothing is allocated.
    public func relocate<Failure>(
        _ body: (_ address: UInt64, _ value: UInt64) throws(Failure) -> Void
    ) throws(Failure) {
        let file = bytes.span.rawBytes
        let bias = loadBias
        for offset in stride(
            from: relocationTable.lowerBound, to: relocationTable.upperBound, by: ELFRelocationOffset.byteCount)
        {
            let address = file.uint64(at: offset + ELFRelocationOffset.address)
            let addend = file.uint64(at: offset + ELFRelocationOffset.addend)
            try body(address &+ bias, addend &+ bias)
        }
    }

    /// How many words ``relocate(_:)`` gives.
    public var relocationCount: Int { relocationTable.count / ELFRelocationOffset.byteCount }
}
