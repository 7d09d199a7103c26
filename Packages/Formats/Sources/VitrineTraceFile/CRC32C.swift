// SPDX-License-Identifier: MIT OR Apache-2.0

/// The Castagnoli checksum (CRC-32C, RFC 3720 appendix B.4), eight bytes a step.
///
/// It finds damage, not forgery. About 1 ns per byte in release builds.
struct CRC32C {
    /// The reflected Castagnoli polynomial.
    private static let polynomial: UInt32 = 0x82F6_3B78

    /// Eight tables of 256 words, one behind another ("slicing by 8").
    private static let tables: [UInt32] = {
        var tables = [UInt32](repeating: 0, count: 8 * 256)
        for index in 0..<256 {
            var value = UInt32(index)
            for _ in 0..<8 {
                value = (value >> 1) ^ (value & 1 == 1 ? polynomial : 0)
            }
            tables[index] = value
        }
        for index in 256..<(8 * 256) {
            let previous = tables[index - 256]
            tables[index] = (previous >> 8) ^ tables[Int(previous & 0xFF)]
        }
        return tables
    }()

    private var state = UInt32.max

    /// The checksum of the bytes so far.
    var value: UInt32 { ~state }

    /// Takes in `bytes[range]`; the range must lie inside.
    mutating func update(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        let tables = Self.tables.span
        var crc = state
        var index = range.lowerBound
        while range.upperBound - index >= 8 {
            let low =
                crc ^ UInt32(bytes[index]) ^ UInt32(bytes[index + 1]) << 8 ^ UInt32(bytes[index + 2]) << 16
                ^ UInt32(bytes[index + 3]) << 24
            crc =
                tables[7 * 256 + Int(low & 0xFF)] ^ tables[6 * 256 + Int(low >> 8 & 0xFF)]
                ^ tables[5 * 256 + Int(low >> 16 & 0xFF)] ^ tables[4 * 256 + Int(low >> 24)]
                ^ tables[3 * 256 + Int(bytes[index + 4])] ^ tables[2 * 256 + Int(bytes[index + 5])]
                ^ tables[256 + Int(bytes[index + 6])] ^ tables[Int(bytes[index + 7])]
            index += 8
        }
        while index < range.upperBound {
            crc = (crc >> 8) ^ tables[Int((crc ^ UInt32(bytes[index])) & 0xFF)]
            index += 1
        }
        state = crc
    }
}
