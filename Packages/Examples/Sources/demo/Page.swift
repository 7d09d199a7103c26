// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc

/// Lays the demo's output out, in bold and color where a terminal shows them.
struct Page: Sendable {
    private let isColored: Bool

    init() {
        // SAFETY: the value is only compared with nil. Nobody changes the environment here.
        let isWanted = unsafe getenv("NO_COLOR") == nil
        isColored = isWanted && isatty(1) == 1
    }

    /// The headline of all.
    func title(_ text: String) {
        write("\n\(bold(text))\n\(String(repeating: "═", count: text.count))")
    }

    /// A headline.
    func chapter(_ text: String) {
        write("\n\(bold(text))\n\(String(repeating: "─", count: text.count))")
    }

    /// A line of explanation.
    func paragraph(_ text: String) {
        write(text.isEmpty ? "" : "  \(text)")
    }

    /// One step of the script: what is done, and what came of it.
    func step(_ call: String, _ outcome: String, isFailure: Bool = false) {
        let padding = String(repeating: " ", count: max(1, 44 - call.count))
        write("  \(call)\(padding)\(isFailure ? color("31", "✗") : color("32", "✓")) \(outcome)")
    }

    /// What follows from a step, under its outcome.
    func hint(_ text: String) {
        write(String(repeating: " ", count: 48) + text)
    }

    /// Several lines, indented.
    func text(_ text: String) {
        for line in text.split(separator: "\n", omittingEmptySubsequences: false).dropLast(text.hasSuffix("\n") ? 1 : 0)
        {
            write("  \(line)")
        }
    }

    private func bold(_ text: String) -> String { color("1", text) }

    private func color(_ code: String, _ text: String) -> String {
        isColored ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }

    /// The tree writer writes to the descriptor itself: flush, so that the lines stay in order.
    private func write(_ line: String) {
        print(line)
        fflush(nil)
    }
}
