// SPDX-License-Identifier: MIT OR Apache-2.0

import Foundation

/// A message as the official decoder's reading is written down: fields by name, all scalars as texts.
enum Tree: Equatable, Sendable, ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
    case text(String)
    case list([Tree])
    case message([String: Tree])

    init(stringLiteral value: String) { self = .text(value) }
    init(arrayLiteral elements: Tree...) { self = .list(elements) }
    init(dictionaryLiteral elements: (String, Tree)...) {
        self = .message(Dictionary(elements) { _, last in last })
    }

    /// A tree of JSON that has no other scalars than texts.
    init(json: Data) throws {
        self.init(json: try JSONSerialization.jsonObject(with: json))
    }

    private init(json: Any) {
        switch json {
        case let fields as [String: Any]: self = .message(fields.mapValues { Tree(json: $0) })
        case let elements as [Any]: self = .list(elements.map { Tree(json: $0) })
        default: self = .text("\(json)")
        }
    }

    static func number(_ value: some BinaryInteger) -> Tree { .text("\(value)") }

    static func double(_ value: Double) -> Tree { .text(hexadecimal(value.bitPattern, 16)) }

    static func identifier(_ value: UInt64) -> Tree { .text(hexadecimal(value, 16)) }

    static func hexadecimal(_ value: UInt64, _ digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(repeating: "0", count: digits - text.count) + text
    }

    /// A field, or the element of a list of one message; nil if it is not there.
    subscript(name: String) -> Tree? {
        switch self {
        case .message(let fields): fields[name]
        case .list(let elements) where elements.count == 1: elements[0][name]
        case .list, .text: nil
        }
    }

    var elements: [Tree] {
        if case .list(let elements) = self { elements } else { [] }
    }

    var text: String? {
        if case .text(let text) = self { text } else { nil }
    }

    /// Of the attributes of a message, the value of a key; nil if there is none or more than one.
    func attribute(_ key: String) -> Tree? {
        let found = (self["attributes"]?.elements ?? []).filter { $0["key"]?.text == key }
        return found.count == 1 ? found[0]["value"] : nil
    }

    /// The keys of the attributes, in order.
    var attributeKeys: [String] { (self["attributes"]?.elements ?? []).map { $0["key"]?.text ?? "" } }
}
