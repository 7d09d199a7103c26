// SPDX-License-Identifier: MIT OR Apache-2.0

extension OutputSpan<UInt8> {
    /// Appends bytes from an array, for which there has to be room.
    @inline(__always)
    mutating func append(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        precondition(range.count <= freeCapacity && range.lowerBound >= 0 && range.upperBound <= bytes.count)
        // SAFETY: the range lies in the bytes, and there is room for as many behind those that are initialized.
        unsafe bytes.withUnsafeBufferPointer { source in
            unsafe withUnsafeMutableBufferPointer { buffer, count in
                if let from = source.baseAddress, let to = buffer.baseAddress {
                    unsafe (to + count).initialize(from: from + range.lowerBound, count: range.count)
                    count += range.count
                }
            }
        }
    }

    /// Appends the decimal digits of a number, for which there has to be room.
    @inline(__always)
    mutating func append(decimal value: UInt64) {
        if value < 10 { return append(UInt8(ascii: "0") + UInt8(value)) }
        let digitCount = Self.decimalDigitCount(value)
        precondition(digitCount <= freeCapacity)
        // SAFETY: each digit has its place in the room that was looked at.
        unsafe withUnsafeMutableBufferPointer { buffer, count in
            guard let start = buffer.baseAddress else { return }
            var place = unsafe start + (count + digitCount)
            var rest = value
            repeat {
                let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
                unsafe place -= 1
                unsafe place.initialize(to: UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: digit))
                rest = quotient
            } while rest > 0
            count += digitCount
        }
    }

    private static func decimalDigitCount(_ value: UInt64) -> Int {
        var count = 1
        var rest = value
        while rest >= 10_000 {
            rest /= 10_000
            count += 4
        }
        return count + (rest >= 1_000 ? 3 : rest >= 100 ? 2 : rest >= 10 ? 1 : 0)
    }
}
