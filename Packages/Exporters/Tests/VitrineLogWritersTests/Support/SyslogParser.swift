// SPDX-License-Identifier: MIT OR Apache-2.0

/// A message of RFC 5424 taken apart by its grammar (section 6), strictly; nil for anything else.
struct ParsedSyslogMessage: Equatable {
    var priority: Int
    var timestamp: String
    var hostName: String
    var applicationName: String
    var processID: String
    var messageID: String
    var dataID: String
    var parameters: [String: String] = [:]
    /// In the order of the message, repeated names too.
    var names: [String] = []
    var message: String

    init?(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        guard Array(text.utf8) == bytes else { return nil }
        var rest = text.unicodeScalars[...]
        guard Self.take("<", &rest) else { return nil }
        let digits = rest.prefix { $0 != ">" }
        guard (1...3).contains(digits.count), let priority = Int(String(digits)), priority <= 191 else { return nil }
        rest = rest.dropFirst(digits.count)
        guard Self.take(">1 ", &rest),
            let timestamp = Self.header(32, &rest), let hostName = Self.header(255, &rest),
            let applicationName = Self.header(48, &rest), let processID = Self.header(128, &rest),
            let messageID = Self.header(32, &rest), Self.take("[", &rest)
        else { return nil }
        guard let dataID = Self.name(&rest) else { return nil }
        (self.priority, self.timestamp, self.hostName) = (priority, timestamp, hostName)
        (self.applicationName, self.processID, self.messageID) = (applicationName, processID, messageID)
        (self.dataID, message) = (dataID, "")
        while Self.take(" ", &rest) {
            guard let name = Self.name(&rest), Self.take("=\"", &rest), let value = Self.value(&rest) else {
                return nil
            }
            names.append(name)
            parameters[name] = value
        }
        guard Self.take("] ", &rest) else { return nil }
        message = String(rest)
    }

    private static func take(_ text: String, _ rest: inout Substring.UnicodeScalarView) -> Bool {
        guard rest.starts(with: text.unicodeScalars) else { return false }
        rest = rest.dropFirst(text.unicodeScalars.count)
        return true
    }

    /// PRINTUSASCII of a length, and the space behind it.
    private static func header(_ length: Int, _ rest: inout Substring.UnicodeScalarView) -> String? {
        let part = rest.prefix { 33...126 ~= $0.value }
        guard (1...length).contains(part.count) else { return nil }
        rest = rest.dropFirst(part.count)
        return take(" ", &rest) ? String(part) : nil
    }

    /// SD-NAME.
    private static func name(_ rest: inout Substring.UnicodeScalarView) -> String? {
        let part = rest.prefix { 33...126 ~= $0.value && $0 != "=" && $0 != "]" && $0 != "\"" }
        guard (1...32).contains(part.count) else { return nil }
        rest = rest.dropFirst(part.count)
        return String(part)
    }

    /// PARAM-VALUE and the quotation mark behind it: no `"`, `\` or `]` without a backslash before it.
    private static func value(_ rest: inout Substring.UnicodeScalarView) -> String? {
        var value = ""
        while let scalar = rest.popFirst() {
            switch scalar {
            case "\"": return value
            case "]": return nil
            case "\\":
                guard let next = rest.popFirst(), next == "\"" || next == "\\" || next == "]" else { return nil }
                value.unicodeScalars.append(next)
            default: value.unicodeScalars.append(scalar)
            }
        }
        return nil
    }
}
