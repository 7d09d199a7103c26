// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Glibc

/// When to use colors.
public enum ColorChoice: Sendable, Hashable {
    /// On a terminal, unless the environment has `NO_COLOR` (https://no-color.org) or `TERM` is `dumb`.
    case automatic
    /// Always.
    case always
    /// Never.
    case never

    /// The decision for a file descriptor.
    func isColored(fileDescriptor: Int32) -> Bool {
        switch self {
        case .always: true
        case .never: false
        case .automatic:
            isatty(fileDescriptor) == 1 && Self.variable("NO_COLOR").isEmpty && Self.variable("TERM") != "dumb"
        }
    }

    private static func variable(_ name: String) -> String {
        // SAFETY: the C string is copied at once; the environment is not written by this package.
        guard let value = unsafe getenv(name) else { return "" }
        return unsafe String(cString: value)
    }
}
