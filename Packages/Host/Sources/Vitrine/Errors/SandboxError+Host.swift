// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineHypervisor
import VitrineWire

// What the host, its user or its kernel do wrong, as errors.
extension SandboxError {
    /// The builder's configuration cannot work.
    static func invalidConfiguration(_ message: String, advice: String, underlying: (any Error)? = nil) -> SandboxError
    {
        SandboxError(.invalidConfiguration, message, advice: advice, underlying: underlying)
    }

    /// The hypervisor or the kernel refused something.
    static func system(_ message: String, underlying: any Error, advice: String = "") -> SandboxError {
        SandboxError(.system, message, advice: advice, underlying: underlying)
    }

    /// A call could not be encoded.
    static func encoding(_ error: WireError, function: String) -> SandboxError {
        let name = GuestText.escaped(GuestText.bounded(function, maximumByteCount: 256))
        switch error {
        case .insufficientSpace(let needed, let available):
            return SandboxError(
                .messageTooLarge,
                "the call of “\(name)” needs more than \(needed) bytes, the input buffer offers \(available)",
                advice: "Raise `memory.input`.", underlying: error)
        case .messageTooLong:
            return SandboxError(
                .messageTooLarge, "the call of “\(name)” is longer than a message can be",
                advice: "Pass less than 4 GiB at a time.", underlying: error)
        case .nameTooLong(let byteCount):
            return SandboxError(
                .unknownFunction, "the name “\(name)” has \(byteCount) bytes, more than the 256 of any function",
                underlying: error)
        case .tooManyParameters(let count):
            return SandboxError(
                .wrongParameters, "the call of “\(name)” has \(count) parameters, more than the 10 of any function",
                underlying: error)
        default:
            return system("the call of “\(name)” could not be encoded", underlying: error)
        }
    }

    /// A call of a function without a name.
    static var unnamed: SandboxError {
        SandboxError(
            .unknownFunction, "the guest has no function “”, as no name is empty",
            advice: "Check the spelling, and that the guest registers it.")
    }

    /// An earlier call ended the sandbox.
    static func poisoned(by cause: Code?) -> SandboxError {
        SandboxError(
            .poisoned, "an earlier call ended this sandbox" + (cause.map { " (\($0))" } ?? ""),
            advice: "Build a new one.")
    }

    /// A host function called its own sandbox.
    static var reentrant: SandboxError {
        SandboxError(
            .reentrantCall, "a host function called into the sandbox that is waiting for it",
            advice: "Call another sandbox, or return first and let the host make the second call.")
    }

    /// The call was cancelled.
    static func cancelled(whileRunning isRunning: Bool) -> SandboxError {
        SandboxError(
            .cancelled,
            isRunning ? "the call was cancelled while the guest ran" : "the call was cancelled before it began",
            advice: isRunning ? poisonedAdvice : untouchedAdvice)
    }

    /// What follows from an error that came before the guest ran.
    static let untouchedAdvice = "The sandbox is as it was."

    /// The call took too long.
    static func deadlineExceeded(_ deadline: Duration?, whileRunning isRunning: Bool) -> SandboxError {
        let name = "deadline" + (deadline.map { " of \(text($0))" } ?? "")
        return SandboxError(
            .deadlineExceeded,
            isRunning ? "the guest ran longer than its \(name)" : "the guest had not run by its \(name)",
            advice: isRunning ? poisonedAdvice : untouchedAdvice)
    }

    /// A duration as people say it: 5 ms, not 0.005 seconds.
    private static func text(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let units: [(name: String, attoseconds: Int64)] = [("ms", 1_000_000_000_000_000), ("µs", 1_000_000_000_000)]
        guard seconds == 0, attoseconds > 0,
            let unit = units.first(where: { attoseconds.isMultiple(of: $0.attoseconds) })
        else { return "\(duration)" }
        return "\(attoseconds / unit.attoseconds) \(unit.name)"
    }

    /// No thread could be made for an asynchronous call.
    static func noThread(errno: Int32) -> SandboxError {
        SandboxError(
            .system, "no thread can be created: \(FileBytes.describe(errno: errno))",
            advice: "Raise the limit of threads, or make fewer calls at a time.")
    }

    /// A call that ended well without a result: our own bug.
    @usableFromInline
    static var noResult: SandboxError { .protocolViolation("the call ended without a result") }
}
