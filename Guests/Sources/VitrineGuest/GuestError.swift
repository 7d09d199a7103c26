// SPDX-License-Identifier: MIT OR Apache-2.0

internal import CVitrineGuest

/// What a guest function throws: it reaches the host as a guest error, and the sandbox stays usable. Also what a failed
/// host call throws.
public struct GuestError: Error {
    /// Codes below 1000 belong to the ABI; a guest's own start at 1000.
    public var code: UInt32
    /// A text for people, cut at 4096 bytes on its way.
    public var message: String

    /// The first code that is free for guests.
    public static let firstUserCode: UInt32 = VITRINE_ERROR_FIRST_USER
    /// The ABI's code for a buffer that is too small for a message.
    public static let bufferTooSmallCode: UInt32 = VITRINE_ERROR_BUFFER_TOO_SMALL

    /// The ABI's code of an abort for a failed assertion.
    public static let panicCode: UInt32 = VITRINE_ERROR_PANIC

    /// An error with a code and a text.
    public init(code: UInt32, message: String) {
        self.code = code
        self.message = message
    }
}

// SAFETY: the runtime copies the text before the closure ends.
/// Ends the guest for good: the host sees a guest abort with this code and message, and the sandbox is poisoned.
public func fatalGuestError(_ message: String, code: UInt32 = GuestError.panicCode) -> Never {
    unsafe message.withText { text in unsafe vitrine_abort(code, text) }
    // `vitrine_abort` does not return, which the closure's type cannot say.
    while true {}
}
