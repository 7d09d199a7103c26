// SPDX-License-Identifier: MIT OR Apache-2.0

import Logging
import VitrineObservability

extension Logger.MetadataValue {
    /// A field's value as metadata: text as a text, numbers and truth values as themselves, arrays as arrays of these.
    init(_ value: FieldValue, isEscaped: Bool) {
        switch value {
        case .string(let text): self = .string(isEscaped ? VisibleText.escaped(text) : text)
        case .bool(let value): self = .stringConvertible(value)
        case .int64(let value): self = .stringConvertible(value)
        case .uint64(let value): self = .stringConvertible(value)
        case .double(let value): self = .stringConvertible(value)
        case .bools(let values): self = .array(values.map { .stringConvertible($0) })
        case .int64s(let values): self = .array(values.map { .stringConvertible($0) })
        case .doubles(let values): self = .array(values.map { .stringConvertible($0) })
        case .strings(let texts):
            self = .array(texts.map { .string(isEscaped ? VisibleText.escaped($0) : $0) })
        }
    }
}

/// Text that shows what it is: one line, no terminal sequences, nothing invisible.
enum VisibleText {
    /// The text with each character that does not plainly show replaced by an escape, and backslashes doubled.
    ///
    /// Most handlers of swift-log print what they get, so a line feed in a guest's words would begin a line of its own.
    static func escaped(_ text: String) -> String {
        guard !text.utf8.allSatisfy(isPlain) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if scalar == "\\" {
                result += "\\\\"
            } else if isShown(scalar) {
                result.unicodeScalars.append(scalar)
            } else {
                result += scalar.escaped(asASCII: true)
            }
        }
        return result
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\\")
    }

    private static func isShown(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned: false
        default: true
        }
    }
}
