// SPDX-License-Identifier: MIT OR Apache-2.0

/// How a run can end other than well.
enum DumpError: Error, Equatable {
    /// A file cannot be used; the text says which and why.
    case badInput(String)
    /// The trace is cut short or damaged: its good part was printed.
    case incomplete

    var exitCode: Int32 {
        switch self {
        case .badInput: 1
        case .incomplete: 2
        }
    }

    /// What is still to be said on standard error.
    var message: String? {
        switch self {
        case .badInput(let text): text
        case .incomplete: nil
        }
    }
}
