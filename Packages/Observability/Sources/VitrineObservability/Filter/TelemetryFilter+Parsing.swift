// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc

extension TelemetryFilter {
    /// How many directives a filter may have.
    public static let maximumDirectiveCount = 256
    /// How many bytes a filter's text may have.
    public static let maximumByteCount = 16_384

    /// Reads a filter. Spaces around directives and empty directives are passed over; an empty text is `error`.
    public init(parsing text: String) throws(FilterError) {
        guard text.utf8.count <= Self.maximumByteCount else {
            throw FilterError(
                reason: .tooLong(maximumByteCount: Self.maximumByteCount), column: 1, text: String(text.prefix(240)))
        }
        var directives: [FilterDirective] = []
        var column = 1
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            var parser = DirectiveParser(text: text, directive: part, column: column)
            if let directive = try parser.parse() {
                guard directives.count < Self.maximumDirectiveCount else {
                    throw FilterError(
                        reason: .tooManyDirectives(maximum: Self.maximumDirectiveCount), column: column, text: text)
                }
                directives.append(directive)
            }
            column += part.count + 1
        }
        self.init(directives.isEmpty ? [FilterDirective(level: .error)] : directives)
    }

    /// The filter that an environment variable holds; nil if it is not set.
    public static func environment(_ variable: String = "VITRINE_LOG") throws(FilterError) -> TelemetryFilter? {
        // SAFETY: the string is copied before anything can change the environment here.
        guard let value = unsafe getenv(variable) else { return nil }
        return try TelemetryFilter(parsing: unsafe String(cString: value))
    }
}

/// Reads one directive, and knows where in the whole text it stands.
private struct DirectiveParser {
    let text: String
    private var rest: Substring
    private var column: Int

    init(text: String, directive: Substring, column: Int) {
        self.text = text
        rest = directive.drop { $0.isWhitespace }
        self.column = column + (directive.count - rest.count)
        while rest.last?.isWhitespace == true { rest.removeLast() }
    }

    mutating func parse() throws(FilterError) -> FilterDirective? {
        guard !rest.isEmpty else { return nil }
        let start = column
        let word = take { !"[]={}\"".contains($0) && !$0.isWhitespace }
        if rest.isEmpty, let level = Self.level(word) { return FilterDirective(level: level) }
        let span = try parseSpan()
        if rest.isEmpty { return FilterDirective(target: String(word), span: span, level: .trace) }
        guard let next = rest.first, next == "=" else { throw unexpected() }
        guard !word.isEmpty || span != nil else { throw FilterError(reason: .missingTarget, column: start, text: text) }
        advance(1)
        guard !rest.isEmpty else { throw error(.missingLevel) }
        guard let level = Self.level(rest) else { throw error(.unknownLevel(String(rest))) }
        return FilterDirective(target: String(word), span: span, level: level)
    }

    private mutating func parseSpan() throws(FilterError) -> String? {
        guard rest.first == "[" else { return nil }
        let opening = column
        advance(1)
        let name = take { $0 != "]" && $0 != "{" }
        if rest.first == "{" { throw error(.fieldCondition) }
        guard !rest.isEmpty else { throw FilterError(reason: .unclosedSpan, column: opening, text: text) }
        guard !name.isEmpty else { throw error(.missingSpan) }
        advance(1)
        return String(name)
    }

    private mutating func take(while isWanted: (Character) -> Bool) -> Substring {
        let taken = rest.prefix(while: isWanted)
        advance(taken.count)
        return taken
    }

    private mutating func advance(_ count: Int) {
        rest = rest.dropFirst(count)
        column += count
    }

    private func error(_ reason: FilterError.Reason) -> FilterError {
        FilterError(reason: reason, column: column, text: text)
    }

    private func unexpected() -> FilterError { error(.unexpected(rest.first ?? " ")) }

    private static func level(_ word: Substring) -> Level? {
        switch word.lowercased() {
        case "off", "none", "0": .off
        case "error", "1": .error
        case "warn", "warning", "2": .warn
        case "info", "3": .info
        case "debug", "4": .debug
        case "trace", "5": .trace
        default: nil
        }
    }
}
