// SPDX-License-Identifier: MIT OR Apache-2.0

/// What went wrong with a sandbox or a call.
///
/// One type for everything that Vitrine throws. `code` tells failures apart and is what a program should switch on; the
/// other properties hold what is known besides, and `description` is a sentence for people that ends with what to do.
/// A pointer in size, so that a throwing call costs nothing until it throws.
public struct SandboxError: Error, Sendable {
    private final class Storage: Sendable {
        let code: Code
        let message: String
        let advice: String
        let guestCode: UInt32?
        let guestMessage: String?
        let exception: CPUException?
        let underlying: (any Error)?

        init(
            code: Code, message: String, advice: String, guestCode: UInt32?, guestMessage: String?,
            exception: CPUException?, underlying: (any Error)?
        ) {
            self.code = code
            self.message = message
            self.advice = advice
            self.guestCode = guestCode
            self.guestMessage = guestMessage
            self.exception = exception
            self.underlying = underlying
        }
    }

    private let storage: Storage

    /// An error of all its parts. Host functions may throw one of their own; it comes back as `underlying`.
    ///
    /// - Parameters:
    ///   - message: what happened, one sentence without the full stop.
    ///   - advice: what to do next, whole sentences; may be empty.
    ///   - guestMessage: the guest's own words; bounded by the caller, escaped when printed.
    public init(
        _ code: Code,
        _ message: String,
        advice: String = "",
        guestCode: UInt32? = nil,
        guestMessage: String? = nil,
        exception: CPUException? = nil,
        underlying: (any Error)? = nil
    ) {
        storage = Storage(
            code: code, message: message, advice: advice, guestCode: guestCode, guestMessage: guestMessage,
            exception: exception, underlying: underlying)
    }

    /// The kind of failure.
    public var code: Code { storage.code }

    /// What happened, without the guest's own words and without advice.
    public var message: String { storage.message }

    /// What to do next; empty if there is nothing to say.
    public var advice: String { storage.advice }

    /// The error code the guest gave, of `guestError`, `guestAborted` and what the guest otherwise reported.
    public var guestCode: UInt32? { storage.guestCode }

    /// The guest's own words: at most 4,096 bytes of repaired UTF-8, not escaped. Print `description` instead.
    public var guestMessage: String? { storage.guestMessage }

    /// The CPU exception of `cpuException`.
    public var exception: CPUException? { storage.exception }

    /// The error below this one: what a host function threw, or what the hypervisor reported.
    public var underlying: (any Error)? { storage.underlying }
}

extension SandboxError: CustomStringConvertible {
    /// Code, what happened, the guest's words with control characters escaped, and what to do.
    public var description: String {
        var text = "\(code): \(message)"
        if let guestMessage, !guestMessage.isEmpty { text += ": “\(GuestText.escaped(guestMessage))”" }
        if let underlying { text += " (\(GuestText.escaped(GuestText.bounded(String(describing: underlying)))))" }
        text += "."
        if !advice.isEmpty { text += " \(advice)" }
        return text
    }
}
