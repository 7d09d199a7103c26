// SPDX-License-Identifier: MIT OR Apache-2.0

/// One JSON object (RFC 8259) being written on one line, its keys in the order they were added.
struct JSONObject {
    private var body = ""

    /// The object.
    var text: String { "{\(body)}" }

    mutating func add(_ key: String, _ value: String) {
        addKey(key)
        body += Self.quoted(value)
    }

    mutating func add(_ key: String, _ value: UInt64) {
        addKey(key)
        body += String(value)
    }

    /// An array of objects, each filled in by `fill`.
    mutating func add<Element>(
        _ key: String,
        _ elements: [Element],
        _ fill: (Element, inout JSONObject) -> Void
    ) {
        addKey(key)
        let objects = elements.map { element in
            var object = JSONObject()
            fill(element, &object)
            return object.text
        }
        body += "[" + objects.joined(separator: ",") + "]"
    }

    private mutating func addKey(_ key: String) {
        if !body.isEmpty { body += "," }
        body += Self.quoted(key) + ":"
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": result += "\\\""
            case "\\": result += "\\\\"
            case "\n": result += "\\n"
            case _ where scalar.value < 0x20: result += "\\u" + hexadecimal(UInt64(scalar.value), digits: 4)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
