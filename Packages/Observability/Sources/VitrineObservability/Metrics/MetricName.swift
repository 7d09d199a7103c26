// SPDX-License-Identifier: MIT OR Apache-2.0

/// The names Prometheus allows, and what becomes of others.
///
/// https://prometheus.io/docs/concepts/data_model/
public enum MetricName {
    /// Whether a metric may be called so: `[a-zA-Z_:][a-zA-Z0-9_:]*`.
    public static func isValid(_ name: String) -> Bool {
        isValid(name, allowingColon: true)
    }

    /// Whether a label may be called so: `[a-zA-Z_][a-zA-Z0-9_]*`, and not `__` in front, which Prometheus reserves.
    public static func isValidLabel(_ name: String) -> Bool {
        isValid(name, allowingColon: false) && !name.hasPrefix("__")
    }

    /// The name itself if it is valid; otherwise each wrong character becomes `_`, and a leading digit gets one in front.
    public static func normalized(_ name: String) -> String {
        isValid(name) ? name : replaced(name, allowingColon: true)
    }

    /// The same for the name of a label; a reserved `__` in front becomes one `_`.
    public static func normalizedLabel(_ name: String) -> String {
        if isValidLabel(name) { return name }
        let replaced = replaced(name, allowingColon: false)
        return replaced.hasPrefix("__") ? "_" + replaced.drop { $0 == "_" } : replaced
    }

    private static func isValid(_ name: String, allowingColon: Bool) -> Bool {
        guard let first = name.utf8.first, !isDigit(first) else { return false }
        return name.utf8.allSatisfy { isAllowed($0, allowingColon: allowingColon) }
    }

    private static func replaced(_ name: String, allowingColon: Bool) -> String {
        var result = name.utf8.first.map(isDigit) ?? true ? "_" : ""
        for scalar in name.unicodeScalars {
            let isKept =
                scalar.isASCII && isAllowed(UInt8(truncatingIfNeeded: scalar.value), allowingColon: allowingColon)
            result.unicodeScalars.append(isKept ? scalar : "_")
        }
        return result
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }

    private static func isAllowed(_ byte: UInt8, allowingColon: Bool) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"): true
        case UInt8(ascii: ":"): allowingColon
        default: isDigit(byte)
        }
    }
}
