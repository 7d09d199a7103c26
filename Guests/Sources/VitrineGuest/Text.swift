// SPDX-License-Identifier: MIT OR Apache-2.0

internal import CVitrineGuest

extension StaticString {
    /// The literal's bytes. They lie in the image, so telemetry sends their address alone.
    var text: vitrine_text {
        // SAFETY: a literal's bytes stand for ever.
        unsafe vitrine_text(
            bytes: UnsafeRawPointer(utf8Start).assumingMemoryBound(to: CChar.self), byte_count: utf8CodeUnitCount)
    }
}

extension String {
    // SAFETY: the bytes are lent inside the closure only.
    /// Lends the UTF-8 bytes as a C text.
    func withText(_ body: (vitrine_text) -> Void) {
        withWireValue { wire in unsafe body(vitrine_value_text(wire.raw)) }
    }
}
