// SPDX-License-Identifier: MIT OR Apache-2.0

/// A string of a telemetry record: where its bytes are, not the bytes. Never longer than
/// ``GuestABI/Limit/stringBytes``, and not checked to be UTF-8.
public enum TelemetryString: Hashable, Sendable {
    /// In the records, at these offsets from their start.
    case inline(Range<Int>)

    /// In the guest's image. The guest chose both numbers: the host has to check them.
    case image(address: UInt64, byteCount: Int)

    /// The string's length.
    public var byteCount: Int {
        switch self {
        case .inline(let range): range.count
        case .image(_, let byteCount): byteCount
        }
    }

    /// The bytes of an inline string, borrowed from the records that it was read from.
    ///
    /// Nil for a string in the image, and for records that do not have that range.
    @_lifetime(copy records)
    public func inlineBytes(in records: RawSpan) -> Span<UInt8>? {
        guard case .inline(let range) = self,
            records.contains(offset: range.lowerBound, byteCount: range.count)
        else { return nil }
        return Span(_bytes: records.extracting(range))
    }
}
