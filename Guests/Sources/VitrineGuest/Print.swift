// SPDX-License-Identifier: MIT OR Apache-2.0

internal import CVitrineGuest

// SAFETY: the runtime copies the text before the closure ends.
/// Sends text to the host's `onPrint`, at once; this function takes the place of Swift's own. No exit: the text
/// travels with the telemetry.
public func print(_ text: String, terminator: StaticString = "\n") {
    unsafe text.withText { text in unsafe vitrine_print_terminated(text, terminator.text) }
}
