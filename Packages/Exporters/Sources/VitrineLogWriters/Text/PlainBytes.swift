// SPDX-License-Identifier: MIT OR Apache-2.0

/// Text that needs no thought, told apart and copied eight bytes at a time.
///
/// Each test is of all bytes of a word at once: a byte below 0x80 minus 1, and with it the top bit of its place, borrows only
/// if it was zero. One byte that fails may spoil the places above it, which does not matter to whoever asks for all.
enum PlainBytes {
    /// Visible ASCII and the space, without `"`, `\` and `]`: the same in every style of text.
    case text
    /// The same without the space, `=` and `,`: what a key or a value without quotation marks is made of.
    case token

    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let tops: UInt64 = 0x8080_8080_8080_8080

    /// Whether all eight bytes are plain.
    @inline(__always)
    func holds(_ word: UInt64) -> Bool {
        let ones = Self.ones
        var suspects = word | (word &+ ones)  // not ASCII; 0x7F
        suspects |= (word ^ (ones &* 0x22)) &- ones
        suspects |= ((word | ones) ^ (ones &* 0x5D)) &- ones  // 0x5C and 0x5D
        switch self {
        case .text:
            suspects |= word &- ones &* 0x20
        case .token:
            suspects |= word &- ones &* 0x21
            suspects |= (word ^ (ones &* 0x3D)) &- ones
            suspects |= (word ^ (ones &* 0x2C)) &- ones
        }
        return suspects & Self.tops == 0
    }

    // SAFETY, of all below: sources are read up to their count; the callers of `copy` have `room` bytes and the slack of a
    // line at the target, into which whole words are written.

    /// Copies a text if it is plain text and not too long: its length, or -1 for one that is to be looked at more closely.
    @inline(never)
    static func copyText(_ text: String, to target: UnsafeMutableRawPointer, room: Int) -> Int {
        unsafe copy(text, .text, to: target, room: room)
    }

    /// Copies a text if it is one token and not too long: its length, or -1 otherwise.
    @inline(never)
    static func copyToken(_ text: String, to target: UnsafeMutableRawPointer, room: Int) -> Int {
        unsafe copy(text, .token, to: target, room: room)
    }

    // Functions of their own and without a line among their parameters: the compiler counts no references in them.
    @inline(__always)
    private static func copy(
        _ text: String, _ plain: PlainBytes, to target: UnsafeMutableRawPointer, room: Int
    ) -> Int {
        // Swift's strings on Linux always lie in a row.
        unsafe text.utf8.withContiguousStorageIfAvailable { source in
            let length = source.count
            guard length <= room else { return -1 }
            guard let first = unsafe UnsafeRawPointer(source.baseAddress) else { return 0 }
            return unsafe copy(first, length, plain, to: target) == length ? length : -1
        } ?? -1
    }

    /// Copies bytes from the first for as long as they are plain: how many.
    @inline(__always)
    static func copy(
        _ first: UnsafeRawPointer, _ length: Int, _ plain: PlainBytes, to target: UnsafeMutableRawPointer
    ) -> Int {
        var done = 0
        while length &- done >= 8 {
            let word = unsafe first.loadUnaligned(fromByteOffset: done, as: UInt64.self)
            guard plain.holds(word) else { return done }
            unsafe target.storeBytes(of: word, toByteOffset: done, as: UInt64.self)
            done &+= 8
        }
        guard done < length else { return done }
        let word = unsafe padded(first + done, count: length &- done)
        guard plain.holds(word) else { return done }
        unsafe target.storeBytes(of: word, toByteOffset: done, as: UInt64.self)
        return length
    }

    /// One to seven bytes as a word, filled up with plain ones.
    @inline(__always)
    private static func padded(_ bytes: UnsafeRawPointer, count: Int) -> UInt64 {
        let filling = ones &* 0x61 &<< UInt64(truncatingIfNeeded: 8 &* count)
        guard count < 4 else {
            let low = unsafe UInt64(bytes.loadUnaligned(as: UInt32.self))
            let high = unsafe UInt64(bytes.loadUnaligned(fromByteOffset: count &- 4, as: UInt32.self))
            return filling | low | high &<< UInt64(truncatingIfNeeded: 8 &* (count &- 4))
        }
        let first = unsafe UInt64(bytes.load(as: UInt8.self))
        let middle = unsafe UInt64(bytes.load(fromByteOffset: count &>> 1, as: UInt8.self))
        let last = unsafe UInt64(bytes.load(fromByteOffset: count &- 1, as: UInt8.self))
        let middlePlace = UInt64(truncatingIfNeeded: 8 &* (count &>> 1))
        return filling | first | middle &<< middlePlace | last &<< UInt64(truncatingIfNeeded: 8 &* (count &- 1))
    }
}
