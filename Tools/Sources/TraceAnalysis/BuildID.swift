// SPDX-License-Identifier: MIT OR Apache-2.0

/// Whether a symbol table belongs to the guest that a trace was taken of.
public enum BuildIDMatch: Hashable, Sendable {
    /// Both have the same build id.
    case same
    /// Both have one and they differ: function names would be wrong.
    case different(symbols: [UInt8], trace: [UInt8])
    /// One of them has none, so nobody can tell.
    case unknown

    /// Compares the build ids of a symbol table and a trace.
    public init(symbols: [UInt8]?, trace: [UInt8]) {
        guard let symbols, !symbols.isEmpty, !trace.isEmpty else {
            self = .unknown
            return
        }
        self = symbols == trace ? .same : .different(symbols: symbols, trace: trace)
    }

    /// A build id as `readelf -n` shows it.
    public static func text(_ buildID: [UInt8]) -> String {
        buildID.map { hexadecimal(UInt64($0), digits: 2) }.joined()
    }
}

/// `value` in lower-case hexadecimal digits, with zeros in front up to `digits`.
func hexadecimal(_ value: UInt64, digits: Int = 1) -> String {
    let text = String(value, radix: 16)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
}

/// `text` with spaces in front up to `width` characters.
func padded(_ text: String, _ width: Int) -> String {
    String(repeating: " ", count: max(0, width - text.count)) + text
}
