// SPDX-License-Identifier: MIT OR Apache-2.0

/// The text of an event or of a string field. A literal is sent as its address; an interpolated text is built only when
/// it is sent.
public enum LogText: ExpressibleByStringInterpolation {
    /// Bytes of the image.
    case literal(StaticString)
    /// A text made at run time.
    case string(String)

    /// A literal.
    public init(stringLiteral value: StaticString) { self = .literal(value) }

    /// A text with values in it.
    public init(stringInterpolation: Interpolation) { self = .string(stringInterpolation.text) }

    /// A string.
    public init(_ text: String) { self = .string(text) }

    /// Builds a text from literals, strings and integers.
    public struct Interpolation: StringInterpolationProtocol {
        var text = ""

        /// Starts with room for the literals.
        public init(literalCapacity: Int, interpolationCount: Int) {
            text.reserveCapacity(literalCapacity + interpolationCount * 8)
        }

        /// Appends a literal part.
        public mutating func appendLiteral(_ literal: StaticString) { text.append(literal.description) }

        /// Appends a string.
        public mutating func appendInterpolation(_ value: String) { text.append(value) }

        /// Appends an integer in decimal.
        public mutating func appendInterpolation(_ value: some BinaryInteger) { text.append(value.description) }

        /// Appends `true` or `false`.
        public mutating func appendInterpolation(_ value: Bool) { text.append(value ? "true" : "false") }
    }
}
