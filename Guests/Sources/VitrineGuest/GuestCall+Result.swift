// SPDX-License-Identifier: MIT OR Apache-2.0

internal import CVitrineGuest

extension GuestCall {
    // SAFETY: `raw` is the runtime's call, which stands while the function runs; bytes are lent inside closures only.
    /// Returns a value to the host. Of several the last one counts.
    public func returns(_ value: some GuestValue) {
        value.withWireValue { wire in unsafe vitrine_return(raw, wire.raw) }
    }

    /// Returns `byteCount` bytes that `body` writes straight into the output buffer. What it leaves out keeps what was
    /// there. Throws when they do not fit.
    public func returnsBytes(
        byteCount: Int, _ body: (inout MutableSpan<UInt8>) throws(GuestError) -> Void
    ) throws(GuestError) {
        try returnsInPlace(.bytes, byteCount: byteCount, body)
    }

    // SAFETY: `raw` is the runtime's call, which stands while the function runs; bytes are lent inside closures only.
    /// Returns a copy of bytes, made straight into the output buffer.
    public func returnsBytes(copying bytes: Span<UInt8>) throws(GuestError) {
        let start = unsafe vitrine_return_in_place(raw, UInt32(WireType.bytes.rawValue), bytes.count)
        // SAFETY: the runtime has reserved as many bytes of the output buffer as the span has.
        unsafe bytes.withUnsafeBytes { source in
            if let start = unsafe start, let base = source.baseAddress {
                unsafe start.copyMemory(from: base, byteCount: source.count)
            }
        }
        if unsafe start == nil { throw GuestError.doesNotFit(bytes.count) }
    }

    /// Returns a string of `byteCount` UTF-8 bytes that `body` writes straight into the output buffer.
    public func returnsUTF8(
        byteCount: Int, _ body: (inout MutableSpan<UInt8>) throws(GuestError) -> Void
    ) throws(GuestError) {
        try returnsInPlace(.string, byteCount: byteCount, body)
    }

    private func returnsInPlace(
        _ type: WireType, byteCount: Int, _ body: (inout MutableSpan<UInt8>) throws(GuestError) -> Void
    ) throws(GuestError) {
        // SAFETY: `raw` is the runtime's call, which stands while the function runs; bytes are lent inside closures
        // only.
        let start = byteCount < 0 ? nil : unsafe vitrine_return_in_place(raw, UInt32(type.rawValue), byteCount)
        guard let start = unsafe start else {
            throw GuestError.doesNotFit(byteCount)
        }
        // SAFETY: the runtime has reserved these bytes of the output buffer for this result.
        var span = unsafe MutableSpan(
            _unsafeStart: start.assumingMemoryBound(to: UInt8.self), count: byteCount)
        try body(&span)
    }

    // SAFETY: `raw` is the runtime's call, which stands while the function runs; bytes are lent inside closures only.
    /// Returns an error to the host.
    func fails(_ error: GuestError) {
        unsafe error.message.withText { text in unsafe vitrine_return_error(raw, error.code, text) }
    }
}

extension GuestError {
    fileprivate static func doesNotFit(_ byteCount: Int) -> GuestError {
        GuestError(code: bufferTooSmallCode, message: "\(byteCount) bytes do not fit the output buffer")
    }
}
