// SPDX-License-Identifier: MIT OR Apache-2.0

/// Reads variables as OpenTelemetry defines them, and keeps what is wrong with them.
///
/// An empty value is none, blanks around one do not count, and words are compared without case:
/// https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#parsing-empty-value
struct EnvironmentReader {
    typealias Problem = OpenTelemetryVariableProblem

    /// The most bytes of a value that are read.
    static let maximumByteCount = 65_536
    /// The largest number that every implementation takes.
    static let largest = Int(Int32.max)

    private let environment: [String: String]
    private var known: Set<String> = []
    private(set) var problems: [Problem] = []

    init(_ environment: [String: String]) {
        self.environment = environment
    }

    /// The names of variables of OpenTelemetry's that have a value and were not asked for, in order.
    var ignored: [String] {
        environment.filter { $0.key.hasPrefix("OTEL_") && !$0.value.isEmpty && !known.contains($0.key) }.keys.sorted()
    }

    /// The value of a variable; nil if it has none.
    mutating func text(_ name: String, isSecret: Bool = false) -> String? {
        known.insert(name)
        guard let value = environment[name] else { return nil }
        guard value.utf8.count <= Self.maximumByteCount else {
            report(name, isSecret ? nil : value, .tooLong(maximumByteCount: Self.maximumByteCount))
            return nil
        }
        let trimmed = value.trimmingBlanks
        return trimmed.isEmpty ? nil : String(trimmed)
    }

    /// A whole number of a range.
    mutating func integer(_ name: String, in range: ClosedRange<Int> = 0...largest) -> Int? {
        guard let value = text(name) else { return nil }
        // Int() takes a sign as well; no range here has room for a negative one.
        guard let number = Int(value), range.contains(number) else {
            report(name, value, .noInteger(allowed: range))
            return nil
        }
        return number
    }

    /// A time in milliseconds.
    mutating func duration(_ name: String, atLeast minimum: Int = 0) -> UInt32? {
        integer(name, in: minimum...Self.largest).map { UInt32($0) }
    }

    /// The longest time in milliseconds that something may take, where 0 means that it may take for ever.
    mutating func timeout(_ name: String) -> UInt32? {
        duration(name).map { $0 == 0 ? .max : $0 }
    }

    /// A number from 0 to 1.
    mutating func share(_ name: String) -> Double? {
        guard let value = text(name) else { return nil }
        guard let number = Double(value), (0...1).contains(number) else {
            report(name, value, .noShare)
            return nil
        }
        return number
    }

    /// Whether something is so: `true` or `false`.
    mutating func flag(_ name: String) -> Bool? { word(name, [("true", true), ("false", false)]) }

    /// One of some words, by what it stands for.
    mutating func word<Meaning>(_ name: String, _ words: [(String, Meaning)]) -> Meaning? {
        guard let value = text(name) else { return nil }
        guard let found = words.first(where: { $0.0 == value.lowercased() }) else {
            report(name, value, .unknownWord(allowed: words.map { $0.0 }))
            return nil
        }
        return found.1
    }

    /// A list `key=value,key=value` with percent-encoding, with the number of each entry, from 1. Of a value that has one
    /// mistake nothing is taken.
    mutating func pairs(_ name: String, isSecret: Bool = false) -> [(number: Int, key: String, value: String)]? {
        guard let value = text(name, isSecret: isSecret) else { return nil }
        var pairs: [(number: Int, key: String, value: String)] = []
        for (index, entry) in value.split(separator: ",", omittingEmptySubsequences: false).enumerated() {
            // A comma at the end, or two in a row, is no entry.
            if entry.trimmingBlanks.isEmpty { continue }
            guard let pair = PercentEncoding.pair(entry) else {
                report(name, isSecret ? nil : value, .malformedEntry(number: index + 1))
                return nil
            }
            pairs.append((index + 1, pair.key, pair.value))
        }
        return pairs
    }

    /// Keeps that a value is wrong.
    mutating func report(_ name: String, _ value: String?, _ reason: Problem.Reason) {
        problems.append(Problem(variable: name, value: value, reason: reason))
    }
}

extension StringProtocol {
    /// Without the blanks and tabs around it.
    var trimmingBlanks: SubSequence {
        let isBlank = { (character: Character) in character.isWhitespace }
        guard let start = firstIndex(where: { !isBlank($0) }), let last = lastIndex(where: { !isBlank($0) }) else {
            return self[endIndex...]
        }
        return self[start...last]
    }
}
