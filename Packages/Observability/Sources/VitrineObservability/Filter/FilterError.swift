// SPDX-License-Identifier: MIT OR Apache-2.0

/// Why a text is no filter, and where.
public struct FilterError: Error, Hashable {
    /// What is wrong.
    public enum Reason: Sendable, Hashable {
        /// Behind `=` stands no level.
        case unknownLevel(String)
        /// Nothing stands where a level belongs.
        case missingLevel
        /// Nothing stands in front of `=`.
        case missingTarget
        /// A span's name is not closed by `]`.
        case unclosedSpan
        /// Nothing stands between `[` and `]`.
        case missingSpan
        /// A character that has no place there.
        case unexpected(Character)
        /// Conditions on the fields of a span, which `RUST_LOG` has and this has not.
        case fieldCondition
        /// More than the number of directives a filter may have.
        case tooManyDirectives(maximum: Int)
        /// More than the number of bytes a filter may have.
        case tooLong(maximumByteCount: Int)
    }

    /// What is wrong.
    public let reason: Reason
    /// The place in the text, in characters from 1.
    public let column: Int
    /// The whole text.
    public let text: String
}

extension FilterError: CustomStringConvertible {
    /// Three lines: what is wrong and what to write, the text, and a mark under the place.
    public var description: String {
        let shown = text.count > 240 ? "\(text.prefix(240))…" : text
        let mark = String(repeating: " ", count: min(column - 1, shown.count)) + "^"
        return "column \(column): \(explanation)\n  \(shown)\n  \(mark)"
    }

    private var explanation: String {
        switch reason {
        case .unknownLevel(let word):
            "“\(word.prefix(40))” is no level: write off, error, warn, info, debug or trace"
        case .missingLevel: "a level is missing: write off, error, warn, info, debug or trace"
        case .missingTarget: "a target is missing in front of “=”; a bare level is for all targets"
        case .unclosedSpan: "the name of a span ends with “]”"
        case .missingSpan: "the name of a span is missing between “[” and “]”"
        case .unexpected(let character): "“\(character)” has no place here: a directive is TARGET[SPAN]=LEVEL"
        case .fieldCondition: "conditions on the fields of a span are not known here: write [SPAN]=LEVEL"
        case .tooManyDirectives(let maximum): "a filter has at most \(maximum) directives"
        case .tooLong(let maximum): "a filter has at most \(maximum) bytes"
        }
    }
}
