// SPDX-License-Identifier: MIT OR Apache-2.0

internal import CVitrineGuest

extension WireValue {
    /// The payload of a string or bytes value.
    var payload: UnsafeBufferPointer<UInt8> {
        // SAFETY: the message reader has checked that the payload lies in the message.
        unsafe UnsafeBufferPointer(start: raw.bytes, count: Int(raw.byte_count))
    }
}

extension String: GuestValue {
    /// The type on the wire.
    public static var wireType: WireType { .string }

    // SAFETY: the reader has checked that the payload lies in the message.
    /// Copies the text; bytes that are not UTF-8 become replacement characters.
    public init(_ wire: WireValue) {
        self = unsafe String(decoding: wire.payload, as: UTF8.self)
    }

    /// Lends the bytes in wire form, without a copy.
    public func withWireValue(_ body: (WireValue) -> Void) {
        var copy = self
        // SAFETY: the bytes are used inside the closure only.
        copy.withUTF8 { utf8 in
            let text = unsafe vitrine_text(
                bytes: UnsafeRawPointer(utf8.baseAddress)?.assumingMemoryBound(to: CChar.self), byte_count: utf8.count)
            body(unsafe WireValue(raw: vitrine_string(text)))
        }
    }
}

extension [UInt8]: GuestValue {
    /// The type on the wire.
    public static var wireType: WireType { .bytes }

    // SAFETY: the reader has checked that the payload lies in the message.
    /// Copies the bytes.
    public init(_ wire: WireValue) {
        self = unsafe [UInt8](wire.payload)
    }

    /// Lends the bytes in wire form, without a copy.
    public func withWireValue(_ body: (WireValue) -> Void) {
        // SAFETY: the bytes are used inside the closure only.
        unsafe withUnsafeBytes { bytes in
            body(unsafe WireValue(raw: vitrine_bytes(bytes.baseAddress, UInt32(truncatingIfNeeded: bytes.count))))
        }
    }
}
