// SPDX-License-Identifier: MIT OR Apache-2.0

public import VitrineOTLPHTTP

/// All that is wrong with the variables of an environment.
public struct OpenTelemetryConfigurationError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, one variable after the other, by name. Never empty.
    public let problems: [OpenTelemetryVariableProblem]

    /// One line for each variable.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// What is wrong with a variable.
public struct OpenTelemetryVariableProblem: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong with a value.
    public enum Reason: Sendable, Hashable {
        /// It is no whole number from the first to the last.
        case noInteger(allowed: ClosedRange<Int>)
        /// It is no number from 0 to 1.
        case noShare
        /// It is none of these words.
        case unknownWord(allowed: [String])
        /// It is no address of a receiver.
        case noURL(OTLPURLFault)
        /// An entry, counted from 1, is no header that can be sent.
        case badHeader(number: Int, OTLPHeaderFault)
        /// An entry, counted from 1, is not `key=value` with percent-encoding.
        case malformedEntry(number: Int)
        /// It asks for a protocol that is not spoken here: only `http/protobuf` is.
        case unsupportedProtocol
        /// It asks for an exporter that is made in another way.
        case unsupportedExporter(use: String)
        /// It is more than the variable of a queue allows, or its default.
        case moreThanQueue(maximum: Int)
        /// It has more bytes than are read.
        case tooLong(maximumByteCount: Int)
    }

    /// The name of the variable.
    public let variable: String
    /// The first 80 characters of its value, with escapes for all that is not printable ASCII; nil where it may hold secrets.
    public let value: String?
    /// What is wrong with it.
    public let reason: Reason

    /// A problem with a value, which is shortened and escaped.
    init(variable: String, value: String?, reason: Reason) {
        self.variable = variable
        self.value = value.map(Self.shown)
        self.reason = reason
    }

    private static func shown(_ value: String) -> String {
        var text = ""
        for scalar in value.unicodeScalars.prefix(maximumLength) { text += scalar.escaped(asASCII: true) }
        return value.unicodeScalars.count > maximumLength ? text + "…" : text
    }

    /// The most characters of a value that are shown.
    private static let maximumLength = 80

    /// One line: the variable, its value, and what is allowed.
    public var description: String {
        let shown = value.map { "“\($0)”" } ?? "its value (not shown)"
        return "\(variable): \(shown) \(explanation)"
    }

    private var explanation: String {
        switch reason {
        case .noInteger(let allowed):
            "is no whole number from \(allowed.lowerBound) to \(allowed.upperBound)"
        case .noShare: "is no number from 0 to 1"
        case .unknownWord(let allowed) where allowed.count == 1: "is not known: write \(allowed[0])"
        case .unknownWord(let allowed): "is not known: write one of \(allowed.joined(separator: ", "))"
        case .noURL(let fault): fault.words(value ?? "")
        case .badHeader(let number, let fault): "has a header as its entry \(number) that \(fault.words)"
        case .malformedEntry(let number):
            "is malformed in entry \(number): write key=value,key=value with %XX for commas and percent signs"
        case .unsupportedProtocol: "is not spoken here: write http/protobuf"
        case .unsupportedExporter(let use): "is not made by this variable: \(use)"
        case .moreThanQueue(let maximum): "is more than the \(maximum) records of the queue"
        case .tooLong(let maximum): "has more than \(maximum) bytes"
        }
    }
}
