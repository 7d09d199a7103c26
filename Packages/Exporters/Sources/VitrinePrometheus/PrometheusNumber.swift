// SPDX-License-Identifier: MIT OR Apache-2.0

/// A number as the format writes it, without an allocation.
enum PrometheusNumber {
    case unsigned(UInt64)
    case signed(Int64)
    /// Whole numbers that a double has exactly are written without a point, all others with the fewest digits that read back
    /// as the same double.
    case double(Double)

    /// The most bytes that any number takes: `-2.2250738585072014e-308`.
    static let maximumByteCount = 24

    /// Appends the number.
    func append(to bytes: inout [UInt8]) {
        ByteCursor.append(atMost: Self.maximumByteCount, to: &bytes) { append(to: &$0) }
    }

    /// Appends the number where there is room for any.
    @inline(__always)
    func append(to output: inout ByteCursor) {
        switch self {
        case .unsigned(let value): output.append(decimal: value)
        case .signed(let value):
            if value < 0 { output.append(UInt8(ascii: "-")) }
            output.append(decimal: value.magnitude)
        case .double(let value): Self.append(value, to: &output)
        }
    }

    private static func append(_ value: Double, to output: inout ByteCursor) {
        if value.isNaN {
            append("NaN", to: &output)
        } else if value.isInfinite {
            append(value > 0 ? "+Inf" : "-Inf", to: &output)
        } else if let whole = Int64(exactly: value), whole.magnitude <= 1 << 53 {
            PrometheusNumber.signed(whole).append(to: &output)
        } else {
            var digits = DoubleDigits()
            value.write(to: &digits)
            for position in 0..<digits.count { output.append(digits.bytes[position]) }
        }
    }

    private static func append(_ text: StaticString, to output: inout ByteCursor) {
        for byte in text.description.utf8 { output.append(byte) }
    }
}

/// Takes the digits of a double from the standard library.
private struct DoubleDigits: TextOutputStream {
    var bytes = InlineArray<24, UInt8>(repeating: 0)
    var count = 0

    mutating func write(_ string: String) {
        for byte in string.utf8 where count < bytes.count {
            bytes[count] = byte
            count += 1
        }
    }

    /// The standard library calls this in place of `write` with what is ASCII, and so spares a String. It has this
    /// requirement, with a default, though it does not document it; without the call nothing but the saving is lost.
    mutating func _writeASCII(_ buffer: UnsafeBufferPointer<UInt8>) {
        // SAFETY: reads the buffer's own elements during the call.
        for index in 0..<min(buffer.count, bytes.count - count) {
            bytes[count] = unsafe buffer[index]
            count += 1
        }
    }
}
