// SPDX-License-Identifier: MIT OR Apache-2.0

// The only file of VitrineWire and VitrineELF that touches memory by `unsafe`: fixed-size loads and stores and block
// copies, each checked against the span by the standard library or here.

extension RawSpan {
    /// Whether `byteCount` bytes lie at `offset`. Total: no value of either overflows.
    @inlinable
    @inline(__always)
    package func contains(offset: Int, byteCount: Int) -> Bool {
        offset >= 0 && byteCount >= 0 && offset <= self.byteCount && byteCount <= self.byteCount &- offset
    }

    /// The byte at `offset`, which the caller has checked.
    @inlinable
    @inline(__always)
    package func uint8(at offset: Int) -> UInt8 {
        // SAFETY: any bits are a UInt8, and the standard library checks the bounds.
        unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }

    /// The little-endian integer at `offset`, which the caller has checked.
    @inlinable
    @inline(__always)
    package func uint16(at offset: Int) -> UInt16 {
        // SAFETY: any bits are a UInt16, and the standard library checks the bounds.
        unsafe UInt16(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    /// The little-endian integer at `offset`, which the caller has checked.
    @inlinable
    @inline(__always)
    package func uint32(at offset: Int) -> UInt32 {
        // SAFETY: any bits are a UInt32, and the standard library checks the bounds.
        unsafe UInt32(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    /// The little-endian integer at `offset`, which the caller has checked.
    @inlinable
    @inline(__always)
    package func uint64(at offset: Int) -> UInt64 {
        // SAFETY: any bits are a UInt64, and the standard library checks the bounds.
        unsafe UInt64(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// The little-endian word at `offset`, where the caller has compared `offset + 8` with the size: no second check.
    @inlinable
    @inline(__always)
    func checkedWord(at offset: Int) -> UInt64 {
        // SAFETY: in bounds by the caller's comparison, right above each use in `MessageReader`; any bits are a UInt64.
        unsafe UInt64(littleEndian: unsafeLoadUnaligned(fromUncheckedByteOffset: offset, as: UInt64.self))
    }

    /// A copy of the bytes: one allocation, one block copy.
    @usableFromInline
    package func array() -> [UInt8] {
        // SAFETY: the buffer is read inside the closure only.
        unsafe withUnsafeBytes { unsafe [UInt8]($0) }
    }
}

extension Span<UInt8> {
    /// The same bytes, untyped: the safe way to the readers of this module. O(1).
    public var rawBytes: RawSpan {
        @_lifetime(copy self)
        @inlinable
        @inline(__always)
        get {
            // SAFETY: a UInt8 has no padding that could be read uninitialized.
            unsafe bytes
        }
    }
}

extension MutableSpan<UInt8> {
    /// The same bytes, untyped: the safe way to the writers of this module. O(1).
    public var mutableRawBytes: MutableRawSpan {
        @_lifetime(&self)
        @inlinable
        @inline(__always)
        mutating get {
            // SAFETY: any bits that are written are UInt8s.
            unsafe mutableBytes
        }
    }
}

extension MutableRawSpan {
    /// Stores the integer at `offset`, which the caller has checked, as little-endian bytes.
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func store<Value: FixedWidthInteger & BitwiseCopyable>(_ value: Value, at offset: Int) {
        storeBytes(of: value.littleEndian, toByteOffset: offset, as: Value.self)
    }

    /// Stores a word where the caller has reserved room, without a second check.
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func storeReserved(_ word: UInt64, at offset: Int) {
        // SAFETY: `MessageWriter.reserve` has compared `offset + 8` with the span's size.
        unsafe storeBytes(of: word.littleEndian, toUncheckedByteOffset: offset, as: UInt64.self)
    }

    /// Copies a string's UTF-8 and its padding to `offset`, if it lies in one piece; the caller has checked that it fits.
    @inlinable
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func copyIfContiguous(_ string: String, to offset: Int) -> Bool {
        var isCopied = false
        // SAFETY: the bounds of each store are checked by the span; the buffer does not leave the closure.
        unsafe string.utf8.withContiguousStorageIfAvailable { utf8 in
            let padded = paddedToWord(utf8.count)
            if padded > utf8.count { store(UInt64(0), at: offset + padded - 8) }
            for index in 0..<utf8.count {
                storeBytes(of: unsafe utf8[index], toByteOffset: offset + index, as: UInt8.self)
            }
            isCopied = true
        }
        return isCopied
    }

    /// Copies `source` to `offset`: one block copy. The caller has checked that it fits.
    @usableFromInline
    @_lifetime(self: copy self)
    mutating func copy(_ source: RawSpan, to offset: Int) {
        precondition(bytes.contains(offset: offset, byteCount: source.byteCount))
        // SAFETY: both ranges were checked above; the pointers do not leave the closures.
        unsafe withUnsafeMutableBytes { target in
            unsafe source.withUnsafeBytes { source in
                guard let from = source.baseAddress, let to = target.baseAddress else { return }
                unsafe (to + offset).copyMemory(from: from, byteCount: source.count)
            }
        }
    }
}
