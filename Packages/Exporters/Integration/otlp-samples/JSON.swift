// SPDX-License-Identifier: MIT OR Apache-2.0

/// As much of JSON as the truth needs: it has no numbers, so that none is rounded.
indirect enum JSON: ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
    case string(String)
    case array([JSON])
    case object([(String, JSON)])

    init(stringLiteral text: String) { self = .string(text) }
    init(arrayLiteral elements: JSON...) { self = .array(elements) }
    init(dictionaryLiteral members: (String, JSON)...) { self = .object(members) }

    /// An integer as a text of decimal digits.
    static func integer(_ value: some BinaryInteger) -> JSON { .string("\(value)") }

    /// A double as its bits in hexadecimal digits.
    static func bits(_ value: Double) -> JSON { .string(String(value.bitPattern, radix: 16)) }

    /// The bytes of the text.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        append(to: &bytes)
        return bytes
    }

    private func append(to bytes: inout [UInt8]) {
        switch self {
        case .string(let text): Self.append(text, to: &bytes)
        case .array(let elements):
            Self.append(elements, between: "[", "]", to: &bytes) { element, bytes in element.append(to: &bytes) }
        case .object(let members):
            Self.append(members, between: "{", "}", to: &bytes) { member, bytes in
                Self.append(member.0, to: &bytes)
                bytes.append(UInt8(ascii: ":"))
                member.1.append(to: &bytes)
            }
        }
    }

    private static func append<Part>(
        _ parts: [Part], between open: Unicode.Scalar, _ close: Unicode.Scalar, to bytes: inout [UInt8],
        _ appendPart: (Part, inout [UInt8]) -> Void
    ) {
        bytes.append(UInt8(ascii: open))
        for (position, part) in parts.enumerated() {
            if position > 0 { bytes.append(UInt8(ascii: ",")) }
            appendPart(part, &bytes)
        }
        bytes.append(UInt8(ascii: close))
    }

    private static func append(_ text: String, to bytes: inout [UInt8]) {
        bytes.append(UInt8(ascii: "\""))
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
            case ..<0x20:
                let digits = String(byte, radix: 16)
                bytes += Array(("\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits).utf8)
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
