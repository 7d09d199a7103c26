// SPDX-License-Identifier: MIT OR Apache-2.0

/// Writes bytes one behind the other into memory that was made ready for all of them.
///
/// Each write looks whether there is room, and there is nothing else between it and the memory: the text of a scrape is
/// most of what a scrape costs.
@safe
struct ByteCursor {
    private var place: UnsafeMutablePointer<UInt8>
    private let end: UnsafeMutablePointer<UInt8>

    /// Appends to an array what `body` writes, at most so many bytes.
    @inline(__always)
    static func append(atMost byteCount: Int, to bytes: inout [UInt8], _ body: (inout ByteCursor) -> Void) {
        bytes.append(addingCapacity: byteCount) { output in
            // SAFETY: the buffer is the output's memory for the closure's time, and what lies before the cursor's place at the
            // end was initialized by it.
            unsafe output.withUnsafeMutableBufferPointer { buffer, count in
                guard let start = buffer.baseAddress else { return }
                var cursor = unsafe ByteCursor(place: start + count, end: start + buffer.count)
                body(&cursor)
                count = unsafe cursor.place - start
            }
        }
    }

    /// Writes one byte.
    @inline(__always)
    mutating func append(_ byte: UInt8) {
        // SAFETY: there is room.
        unsafe precondition(place < end)
        unsafe place.initialize(to: byte)
        unsafe place += 1
    }

    /// Writes a part of an array's bytes.
    @inline(__always)
    mutating func append(_ bytes: Span<UInt8>, _ range: Range<Int>) {
        // SAFETY: the range lies in the bytes, and there is room for as many.
        unsafe precondition(range.lowerBound >= 0 && range.upperBound <= bytes.count && range.count <= end - place)
        unsafe bytes.withUnsafeBufferPointer { source in
            if let start = source.baseAddress {
                unsafe place.initialize(from: start + range.lowerBound, count: range.count)
                unsafe place += range.count
            }
        }
    }

    /// Writes a number in decimal.
    @inline(__always)
    mutating func append(decimal value: UInt64) {
        let digitCount = Self.digitCount(value)
        // SAFETY: there is room for all digits, and each pair has its place in it. The pairs are two hundred bytes.
        unsafe precondition(digitCount <= end - place)
        unsafe place += digitCount
        var digit = unsafe place
        var rest = value
        while rest >= 100 {
            let (quotient, pair) = rest.quotientAndRemainder(dividingBy: 100)
            let source = unsafe Self.pairs.utf8Start + Int(truncatingIfNeeded: pair &* 2)
            unsafe digit -= 2
            unsafe digit.initialize(from: source, count: 2)
            rest = quotient
        }
        if rest >= 10 {
            unsafe (digit - 2).initialize(from: Self.pairs.utf8Start + Int(truncatingIfNeeded: rest &* 2), count: 2)
        } else {
            unsafe (digit - 1).initialize(to: UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest))
        }
    }

    @inline(__always)
    private static func digitCount(_ value: UInt64) -> Int {
        var count = 1
        var rest = value
        while rest >= 10_000 {
            rest /= 10_000
            count &+= 4
        }
        return count &+ (rest >= 10 ? 1 : 0) &+ (rest >= 100 ? 1 : 0) &+ (rest >= 1_000 ? 1 : 0)
    }

    /// The numbers from 00 to 99.
    private static var pairs: StaticString {
        """
        0001020304050607080910111213141516171819202122232425262728293031323334353637383940414243444546474849\
        5051525354555657585960616263646566676869707172737475767778798081828384858687888990919293949596979899
        """
    }
}
