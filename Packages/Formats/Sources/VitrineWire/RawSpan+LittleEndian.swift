// SPDX-License-Identifier: MIT OR Apache-2.0

// The only file of VitrineWire and VitrineELF that touches memory by `unsafe`: fixed-size loads and stores and block
// copies, each checked against the span by the standard library or here.

extension RawSpan {
    /// Whether `byteCount` bytes lie at `offset`. Total: no value of either overflows.
    @inline(__always)
    package func contains(offset: Int, byteCount: Int) -> Bool {
        offset >= 0 && byteCount >= 0 && offset <= self.byteCount && byteCount <= self.byteCount &- offset
    }

    /// The byte at `offset`, which the caller has checked.
    @inline(__always)
    package func uint8(at offset: Int) -> UInt8 {
        // SAFETY: any bits are a UInt8, and the standard library checks the bounds.
        unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }

    /// The little-endian integer at `offset`, which the caller has checked.
    @inline(__always)
    package func uint16(at offset: Int) -> UInt16 {
        // SAFETY: any bits are a UInt16, and the standard library checks the bounds.
        unsafe UInt16(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    /// The little-endian integer at `offset`, which the caller has checked.
    @inline(__always)
    package func uint32(at offset: Int) -> UInt32 {
        // SAFETY: any bits are a UInt32, and the standard library checks the bounds.
        unsafe UInt32(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    /// The little-endian integer at `offset`, which the caller has checked.
    @inline(__always)
    package func uint64(at offset: Int) -> UInt64 {
        // SAFETY: any bits are a UInt64, and the standard library checks the bounds.
        unsafe UInt64(littleEndian: unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// A copy of the bytes: one allocation, one block copy.
    package func array() -> [UInt8] {
        // SAFETY: the buffer is read inside the closure only.
        unsafe withUnsafeBytes { unsafe [UInt8]($0) }
    }
}

extension Span<UInt8> {
    /// The same bytes, untyped: the safe way to the readers of this module. O(1).
    public var rawBytes: RawSpan {
        @_lifetime(copy self)
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
        @inline(__always)
        mutating get {
            // SAFETY: any bits that are written are UInt8s.
            unsafe mutableBytes
        }
    }
}

extension MutableRawSpan {
    /// Stores the integer at `offset`, which the caller has checked, as little-endian bytes.
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func store<Value: FixedWidthInteger & BitwiseCopyable>(_ value: Value, at offset: Int) {
        storeBytes(of: value.littleEndian, toByteOffset: offset, as: Value.self)
    }

    /// Copies `source` to `offset`: one block copy. The caller has checked that it fits.
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
