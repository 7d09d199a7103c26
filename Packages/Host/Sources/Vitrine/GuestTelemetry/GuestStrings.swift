// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineHypervisor
import VitrineWire

/// Makes strings of what a guest's records point to.
///
/// Strings in the image are taken from its read-only segments only, which nobody can change after loading; so each is
/// read and checked once, and kept.
struct GuestStrings: Sendable {
    private struct Place: Hashable {
        let address: UInt64
        let byteCount: Int
    }

    /// At most this many strings of at most 4 KiB are kept; a guest that uses more has them read again each time.
    private static let maximumCount = 1_024

    private let readOnly: [Range<UInt64>]
    private var known: [Place: String] = [:]

    init(_ segments: [MemoryRegion]) {
        readOnly = segments.filter { !$0.permissions.contains(.write) }.map { segment in
            segment.address.rawValue..<segment.end.rawValue
        }
    }

    /// The string, its UTF-8 repaired; nil if it points out of the read-only image.
    mutating func text(_ string: TelemetryString, records: RawSpan, memory: borrowing GuestMemory) -> String? {
        switch string {
        case .inline:
            guard let bytes = string.inlineBytes(in: records) else { return nil }
            return Self.repaired(bytes)
        case .image(let address, let byteCount):
            let place = Place(address: address, byteCount: byteCount)
            if let text = known[place] { return text }
            guard isReadOnly(address, byteCount) else { return nil }
            guard let bytes = try? memory.bytes(at: GuestAddress(rawValue: address), byteCount: byteCount) else {
                return nil
            }
            let text = Self.repaired(Span(_bytes: bytes))
            if known.count < Self.maximumCount { known[place] = text }
            return text
        }
    }

    private func isReadOnly(_ address: UInt64, _ byteCount: Int) -> Bool {
        let (end, overflow) = address.addingReportingOverflow(UInt64(byteCount))
        guard !overflow else { return false }
        return readOnly.contains { $0.lowerBound <= address && end <= $0.upperBound }
    }

    /// A string of bytes that are meant to be UTF-8.
    static func repaired(_ bytes: Span<UInt8>) -> String {
        if let text = try? UTF8Span(validating: bytes) { return String(copying: text) }
        var copy: [UInt8] = []
        copy.reserveCapacity(bytes.count)
        for index in bytes.indices { copy.append(bytes[index]) }
        return String(decoding: copy, as: UTF8.self)
    }
}
