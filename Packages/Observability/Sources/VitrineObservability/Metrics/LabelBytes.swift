// SPDX-License-Identifier: MIT OR Apache-2.0

/// Hashing and comparing the bytes of label values, eight at a time.
///
/// The hash multiplies words to 128 bits and folds the halves together. It starts from a secret of the table, so that
/// nobody who chooses label values, such as a guest, can make them meet in one place.
enum LabelBytes {
    private static let factor: UInt64 = 0x9e37_79b9_7f4a_7c15

    /// Goes on with a hash over the length and the bytes of one value.
    @inline(__always)
    static func hash(_ bytes: UnsafeRawBufferPointer, _ state: UInt64) -> UInt64 {
        let count = bytes.count
        var state = mixed(state ^ UInt64(truncatingIfNeeded: count))
        guard let start = bytes.baseAddress else { return state }
        // SAFETY: every word read lies in the bytes: of eight or more, the last word overlaps the one before.
        if count >= 8 {
            var offset = 0
            while offset &+ 8 < count {
                state = unsafe mixed(state ^ start.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
                offset &+= 8
            }
            return unsafe mixed(state ^ start.loadUnaligned(fromByteOffset: count &- 8, as: UInt64.self))
        }
        return unsafe mixed(state ^ shortWord(start, count))
    }

    /// Whether two values of one length are the same.
    @inline(__always)
    static func areEqual(_ left: UnsafeRawPointer, _ right: UnsafeRawPointer, _ count: Int) -> Bool {
        // SAFETY: as above, on both sides.
        if count >= 8 {
            var offset = 0
            while offset &+ 8 < count {
                if unsafe word(left, offset) != word(right, offset) { return false }
                offset &+= 8
            }
            return unsafe word(left, count &- 8) == word(right, count &- 8)
        }
        return unsafe shortWord(left, count) == shortWord(right, count)
    }

    /// Takes a value off the front of a key, in which each stands behind its length; false if another one is there.
    @inline(__always)
    static func removePrefix(_ value: UnsafeRawBufferPointer, of key: inout UnsafeRawBufferPointer) -> Bool {
        // SAFETY: a key that is not empty begins with the length of a value that it has whole.
        guard let start = key.baseAddress, unsafe !key.isEmpty else { return false }
        let count = value.count
        guard unsafe start.loadUnaligned(as: UInt32.self) == UInt32(truncatingIfNeeded: count) else { return false }
        if let bytes = value.baseAddress, unsafe !areEqual(start + 4, bytes, count) { return false }
        unsafe key = UnsafeRawBufferPointer(start: start + 4 + count, count: key.count &- 4 &- count)
        return true
    }

    /// The key of values, each behind its length.
    static func key(_ values: [String]) -> [UInt8] {
        values.flatMap { value in
            let count = UInt32(truncatingIfNeeded: value.utf8.count)
            return stride(from: 0, to: 32, by: 8).map { UInt8(truncatingIfNeeded: count >> $0) } + value.utf8
        }
    }

    @inline(__always)
    private static func word(_ start: UnsafeRawPointer, _ offset: Int) -> UInt64 {
        // SAFETY: the callers' offsets leave eight bytes.
        unsafe start.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }

    /// All of fewer than eight bytes in one word.
    @inline(__always)
    private static func shortWord(_ start: UnsafeRawPointer, _ count: Int) -> UInt64 {
        // SAFETY: offsets from 0 to the count less what is loaded.
        if count >= 4 {
            let low = unsafe start.loadUnaligned(as: UInt32.self)
            let high = unsafe start.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self)
            return UInt64(low) | UInt64(high) << 32
        }
        if count == 0 { return 0 }
        let first = unsafe start.load(as: UInt8.self)
        let middle = unsafe start.load(fromByteOffset: count &>> 1, as: UInt8.self)
        let last = unsafe start.load(fromByteOffset: count &- 1, as: UInt8.self)
        return UInt64(first) | UInt64(middle) << 8 | UInt64(last) << 16
    }

    @inline(__always)
    private static func mixed(_ word: UInt64) -> UInt64 {
        let product = word.multipliedFullWidth(by: factor)
        return product.high ^ product.low
    }
}
