// SPDX-License-Identifier: MIT OR Apache-2.0

// Swift's own functions of these names lose their messages in optimized Embedded builds. A file that imports this
// module uses these instead; they abort the guest with the message, the file and the line.

/// Aborts the guest with the message when the condition is false. Never compiled out.
public func precondition(
    _ condition: @autoclosure () -> Bool, _ message: @autoclosure () -> String = "",
    file: StaticString = #fileID, line: UInt32 = #line
) {
    if !condition() { abortGuest("precondition failed", message(), file, line) }
}

/// Aborts the guest with the message.
public func preconditionFailure(
    _ message: @autoclosure () -> String = "", file: StaticString = #fileID, line: UInt32 = #line
) -> Never {
    abortGuest("precondition failed", message(), file, line)
}

/// Aborts the guest with the message.
public func fatalError(
    _ message: @autoclosure () -> String = "", file: StaticString = #fileID, line: UInt32 = #line
) -> Never {
    abortGuest("fatal error", message(), file, line)
}

/// Aborts with the message, the file and the line when the condition is false: an assertion that stays in release
/// builds.
public func guestAssert(
    _ condition: @autoclosure () -> Bool, _ message: @autoclosure () -> String = "",
    file: StaticString = #fileID, line: UInt32 = #line
) {
    if !condition() { abortGuest("assertion failed", message(), file, line) }
}

/// "what: message, file:line".
@inline(never)
private func abortGuest(_ what: StaticString, _ message: String, _ file: StaticString, _ line: UInt32) -> Never {
    fatalGuestError("\(what.description): \(message), \(file.description):\(line)")
}
