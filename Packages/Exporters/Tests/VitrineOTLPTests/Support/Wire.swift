// SPDX-License-Identifier: MIT OR Apache-2.0

/// Messages put together by hand.
enum Wire {
    static func number(_ value: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        var rest = value
        while rest > 127 {
            bytes.append(UInt8(rest & 127 | 128))
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    /// A field that is a message, a text or bytes.
    static func field(_ number: UInt64, _ content: [UInt8]) -> [UInt8] {
        Wire.number(number << 3 | 2) + Wire.number(UInt64(content.count)) + content
    }

    /// A field that is a number.
    static func field(_ number: UInt64, value: UInt64) -> [UInt8] { Wire.number(number << 3) + Wire.number(value) }

    static func text(_ number: UInt64, _ text: String) -> [UInt8] { field(number, Array(text.utf8)) }

    /// A request of nested messages: the numbers of the fields that lead inward, and what is in the innermost.
    static func nested(_ numbers: [UInt64], _ content: [UInt8]) -> [UInt8] {
        numbers.reversed().reduce(content) { field($1, $0) }
    }
}
