// SPDX-License-Identifier: MIT OR Apache-2.0

/// The bytes of one line while it is made, in memory that is used again for the next.
///
/// Not an array: appending to one looks for other owners, where a whole line takes a hundred nanoseconds. Texts stop at
/// `limit`, which leaves `reserve` bytes for all that has a fixed length, so that a line is never longer than it may be and
/// its end is always whole.
@safe
package struct LineBuffer: ~Copyable, @unchecked Sendable {
    // Sendable: the memory is its own, and it has one owner.

    /// What the parts of fixed length of a line take together, in any format.
    static let reserve = 640
    /// Memory beyond this is released after the line.
    static let keptCapacity = 65_536
    /// What is written past the end by copies of whole words.
    private static let slack = 16

    private var bytes: UnsafeMutableRawPointer
    private var capacity: Int
    /// The bytes so far.
    package private(set) var count = 0
    /// Where texts end at the latest.
    package private(set) var limit = 0
    /// Where texts end at the latest for which there is memory now.
    private var room = 0
    /// Whether something was left out.
    package private(set) var isCut = false
    /// The address of the place of the thread that it goes back to; 0 for none.
    var home: UInt = 0
    /// The second that was written last, as text.
    var second = SecondText()

    package init() {
        capacity = 1_024
        // SAFETY: released by `deinit` or replaced by `grow`. Bytes need no initialization.
        unsafe bytes = .allocate(byteCount: capacity + Self.slack, alignment: 16)
    }

    // SAFETY: allocated by `init` or `grow`, and owned.
    deinit { unsafe bytes.deallocate() }

    /// Empties the line, to be of so many bytes at most.
    @inline(__always)
    package mutating func begin(byteCount: Int) {
        count = 0
        limit = max(0, byteCount &- Self.reserve)
        room = min(limit, capacity)
        isCut = false
    }

    /// What is in it.
    package var span: Swift.Span<UInt8> {
        @_lifetime(borrow self)
        @inline(__always)
        borrowing get {
            // SAFETY: `count` bytes are written; the buffer cannot change while it is borrowed.
            let start = unsafe bytes.assumingMemoryBound(to: UInt8.self)
            let span = unsafe Swift.Span(_unsafeStart: start, count: count)
            return unsafe _overrideLifetime(span, borrowing: self)
        }
    }

    /// Whether the memory is more than what is kept for the next line.
    var isLarge: Bool { capacity > Self.keptCapacity }

    /// Takes back what was written behind a place.
    package mutating func rewind(to place: Int) { count = max(0, min(count, place)) }

    /// Says that something was left out.
    package mutating func markCut() { isCut = true }

    /// Makes room for so many more bytes.
    @inline(__always)
    private mutating func reserve(_ more: Int) {
        if more > capacity &- count { grow(by: more) }
    }

    @inline(never)
    private mutating func grow(by more: Int) {
        let larger = max(count + more, 2 * capacity)
        // SAFETY: the new memory has room for all that was written, and takes the place of the old.
        let new = UnsafeMutableRawPointer.allocate(byteCount: larger + Self.slack, alignment: 16)
        unsafe new.copyMemory(from: bytes, byteCount: count)
        unsafe bytes.deallocate()
        unsafe bytes = unsafe new
        capacity = larger
        room = min(limit, capacity)
    }

    // SAFETY, of all below: each makes room for what it writes, or is told how much there is; words may go into the slack.
    // `count` is never negative nor above `capacity`, so that none of the unchecked sums overflows.

    /// Appends a byte.
    @inline(__always)
    package mutating func append(_ byte: UInt8) {
        reserve(1)
        unsafe bytes.storeBytes(of: byte, toByteOffset: count, as: UInt8.self)
        count &+= 1
    }

    /// Appends text of the program, as it is.
    @inline(__always)
    package mutating func append(_ text: StaticString) {
        let length = text.utf8CodeUnitCount
        reserve(length)
        unsafe (bytes + count).copyMemory(from: text.utf8Start, byteCount: length)
        count &+= length
    }

    /// Whether what was written from a place on is a text of the program.
    @inline(__always)
    func holds(_ text: StaticString, from place: Int) -> Bool {
        let length = text.utf8CodeUnitCount
        guard place >= 0, count &- place == length else { return false }
        for index in 0..<length {
            guard unsafe bytes.load(fromByteOffset: place &+ index, as: UInt8.self) == text.utf8Start[index] else {
                return false
            }
        }
        return true
    }

    /// Appends bytes as they are.
    package mutating func append(contentsOf other: Swift.Span<UInt8>) {
        reserve(other.count)
        unsafe other.withUnsafeBytes { source in
            if let start = source.baseAddress {
                unsafe (bytes + count).copyMemory(from: start, byteCount: source.count)
            }
        }
        count &+= other.count
    }

    /// Appends the first `length` bytes, at most eight, of a word whose first byte is the lowest.
    @inline(__always)
    mutating func append(word: UInt64, length: Int) {
        reserve(8)
        unsafe bytes.storeBytes(of: word.littleEndian, toByteOffset: count, as: UInt64.self)
        count &+= max(0, min(length, 8))
    }

    /// Appends a text if it is plain and has room as it is.
    @inline(__always)
    mutating func appendPlain(_ text: String, upTo byteCount: Int) -> Bool {
        let length = unsafe PlainBytes.copyText(text, to: bytes + count, room: min(room &- count, byteCount))
        guard length >= 0 else { return false }
        count &+= length
        return true
    }

    /// Appends a text if it is one token, not empty, and has room as it is.
    @inline(__always)
    mutating func appendToken(_ text: String, upTo byteCount: Int) -> Bool {
        let length = unsafe PlainBytes.copyToken(text, to: bytes + count, room: min(room &- count, byteCount))
        guard length > 0 else { return false }
        count &+= length
        return true
    }

    /// Appends bytes of a text from a place on for as long as they are plain and there are no more than so many.
    mutating func appendRun(_ source: UnsafeRawBufferPointer, from place: Int, upTo byteCount: Int) -> Int {
        let length = min(source.count - place, byteCount)
        guard length > 0, let first = source.baseAddress else { return 0 }
        reserve(length)
        let done = unsafe PlainBytes.copy(first + place, length, .text, to: bytes + count)
        count &+= done
        return done
    }
}
