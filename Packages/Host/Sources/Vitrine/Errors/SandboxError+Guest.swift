// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineHypervisor
import VitrineWire

// What guests do wrong, as errors.
extension SandboxError {
    /// What follows from every error that ends a sandbox.
    static let poisonedAdvice = "The sandbox is poisoned: build a new one."

    /// The guest broke the ABI.
    static func protocolViolation(_ message: String, underlying: (any Error)? = nil) -> SandboxError {
        SandboxError(
            .protocolViolation, message,
            advice: "A guest built with the SDK does not do this; suspect damaged memory or a hostile guest. "
                + poisonedAdvice,
            underlying: underlying)
    }

    /// An error message from the guest in reply to a call of `function`.
    static func replied(code: GuestABI.ErrorCode, text: String, function: String) -> SandboxError {
        let guestCode = code.rawValue
        switch code {
        case .unknownFunction:
            return SandboxError(
                .unknownFunction, "the guest has no function “\(GuestText.escaped(function))”",
                advice: "Check the spelling, and that the guest registers it.", guestCode: guestCode,
                guestMessage: text)
        case .wrongParameters, .wrongResult:
            let what = code == .wrongParameters ? "takes other parameters" : "returns another type"
            return SandboxError(
                .wrongParameters, "the guest's function “\(GuestText.escaped(function))” \(what)",
                advice: "Give the exact types: Int64 is not Int32.", guestCode: guestCode, guestMessage: text)
        case .outOfMemory:
            return outOfMemory(text)
        case .bufferTooSmall:
            return SandboxError(
                .messageTooLarge, "the result of “\(GuestText.escaped(function))” does not fit the output buffer",
                advice: "Raise `memory.output`.", guestCode: guestCode, guestMessage: text)
        default:
            return SandboxError(
                .guestError, "the guest's function “\(GuestText.escaped(function))” failed with code \(guestCode)",
                guestCode: guestCode, guestMessage: text)
        }
    }

    /// The guest rang ABORT.
    static func aborted(code: GuestABI.ErrorCode, text: String) -> SandboxError {
        if code == .outOfMemory { return outOfMemory(text, advice: " " + poisonedAdvice) }
        return SandboxError(
            .guestAborted, "the guest aborted with code \(code.rawValue)", advice: poisonedAdvice,
            guestCode: code.rawValue, guestMessage: text)
    }

    private static func outOfMemory(_ text: String, advice: String = "") -> SandboxError {
        SandboxError(
            .outOfMemory, "the guest's heap is full", advice: "Raise `memory.heap`." + advice,
            guestCode: GuestABI.ErrorCode.outOfMemory.rawValue, guestMessage: text)
    }

    /// A CPU exception.
    static func exception(_ exception: GuestException, buffers: GuestBuffers) -> SandboxError {
        let known = CPUException(
            vector: exception.vector, name: exception.name, errorCode: exception.errorCode,
            address: exception.faultAddress?.rawValue, instructionPointer: exception.instructionPointer.rawValue,
            stackPointer: exception.stackPointer.rawValue)
        var message = "the guest raised \(known)"
        if let address = known.address, address < buffers.stack,
            buffers.stack - address <= UInt64(MemoryMap.stackGuardByteCount)
        {
            message += ": the stack overflowed"
        }
        return SandboxError(
            .cpuException, message,
            advice: "`addr2line -f -e GUEST \(hexadecimal(known.instructionPointer))` names the line. "
                + poisonedAdvice,
            exception: known)
    }

    /// The machine stopped in a way that no guest should be able to bring about.
    static func stopped(_ what: String) -> SandboxError {
        .protocolViolation("the virtual machine stopped: \(what)")
    }
}
