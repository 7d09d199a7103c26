// SPDX-License-Identifier: MIT OR Apache-2.0

/// The header of the telemetry region (`vitrine_telemetry_header`).
public struct TelemetryHeader: Hashable, Sendable {
    /// Bytes of records that follow the header.
    public var used: UInt64

    /// Number of the next record; counts dropped ones too.
    public var nextSequence: UInt64

    /// Records that the guest itself could not write, ever.
    public var dropped: UInt64

    /// A header with these words.
    public init(used: UInt64 = 0, nextSequence: UInt64 = 0, dropped: UInt64 = 0) {
        self.used = used
        self.nextSequence = nextSequence
        self.dropped = dropped
    }

    /// Reads the header of the region; nothing in it is checked but that the region can hold one.
    public init(reading region: RawSpan) throws(TelemetryError) {
        typealias Offset = GuestABI.TelemetryOffset
        guard region.byteCount >= Offset.byteCount else {
            throw .truncated(offset: region.byteCount, needed: Offset.byteCount - region.byteCount)
        }
        used = region.uint64(at: Offset.used)
        nextSequence = region.uint64(at: Offset.nextSequence)
        dropped = region.uint64(at: Offset.dropped)
    }

    /// The place of the records in a region of this size; nil if ``used`` exceeds it, which no honest guest writes.
    public func recordRange(regionByteCount: Int) -> Range<Int>? {
        let start = GuestABI.TelemetryOffset.byteCount
        guard regionByteCount >= start, used <= UInt64(regionByteCount - start) else { return nil }
        return start..<(start + Int(used))
    }

    /// Writes the header: at least ``GuestABI/TelemetryOffset/byteCount`` bytes.
    public func write(to region: inout MutableRawSpan) {
        typealias Offset = GuestABI.TelemetryOffset
        region.store(used, at: Offset.used)
        region.store(nextSequence, at: Offset.nextSequence)
        region.store(dropped, at: Offset.dropped)
        region.store(UInt64(0), at: Offset.reserved)
    }
}
