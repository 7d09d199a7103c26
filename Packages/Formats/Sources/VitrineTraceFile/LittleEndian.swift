// SPDX-License-Identifier: MIT OR Apache-2.0

extension [UInt8] {
    /// The little-endian integer at `offset`, or nil when it does not lie wholly inside.
    func littleEndian<T: FixedWidthInteger & UnsignedInteger>(_ type: T.Type = T.self, at offset: Int) -> T? {
        let byteCount = T.bitWidth / 8
        guard offset >= 0, count >= byteCount, offset <= count - byteCount else { return nil }
        var value: T = 0
        for index in 0..<byteCount {
            value |= T(truncatingIfNeeded: self[offset + index]) << T(truncatingIfNeeded: index * 8)
        }
        return value
    }

    /// Appends `value` in little-endian order.
    mutating func appendLittleEndian<T: FixedWidthInteger & UnsignedInteger>(_ value: T) {
        var rest = value
        for _ in 0..<(T.bitWidth / 8) {
            append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    /// Writes `value` in little-endian order over the bytes at `offset`, which must be there.
    mutating func storeLittleEndian(_ value: UInt32, at offset: Int) {
        for index in 0..<4 {
            self[offset + index] = UInt8(truncatingIfNeeded: value >> UInt32(index * 8))
        }
    }
}
