// SPDX-License-Identifier: MIT OR Apache-2.0

/// The name of a file of the spool: the time in 20 digits, a number in 16 hexadecimal ones that no other file has, and its
/// state. In the order of names the oldest is first.
package struct SpoolName: Sendable, Hashable, Comparable {
    /// What is to become of the file.
    package enum State: String, Sendable, Hashable, CaseIterable {
        /// It waits to be sent.
        case waiting = "otlp"
        /// It is being written; or its writer died.
        case draft = "tmp"
        /// It cannot be sent and lies there to be looked at.
        case aside = "bad"
    }

    /// The part that stays.
    let stem: String
    /// The part that changes.
    package let state: State

    /// When the file was written, in nanoseconds since 1970; the largest there are for more.
    var time: UInt64 { UInt64(stem.prefix(20)) ?? .max }

    /// A new name; of two with the same time the number decides.
    init(nanosecondsSinceEpoch time: UInt64, number: UInt64) {
        let digits = String(time)
        let hexadecimal = String(number, radix: 16)
        stem =
            String(repeating: "0", count: 20 - digits.utf8.count) + digits + "-"
            + String(repeating: "0", count: 16 - hexadecimal.utf8.count) + hexadecimal
        state = .draft
    }

    private init(stem: String, state: State) {
        self.stem = stem
        self.state = state
    }

    /// Reads a name; nil if it is none of ours.
    init?(_ text: String) {
        let bytes = Array(text.utf8)
        guard bytes.count > 38, bytes.count <= 42, bytes[20] == UInt8(ascii: "-"), bytes[37] == UInt8(ascii: "."),
            bytes[..<20].allSatisfy({ (0x30...0x39).contains($0) }),
            bytes[21..<37].allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }),
            let state = State(rawValue: String(decoding: bytes[38...], as: UTF8.self))
        else { return nil }
        self.init(stem: String(decoding: bytes[..<37], as: UTF8.self), state: state)
    }

    /// The name as it is in the folder.
    package var text: String { stem + "." + state.rawValue }

    /// The same file in another state.
    func with(_ state: State) -> SpoolName { SpoolName(stem: stem, state: state) }

    package static func < (left: SpoolName, right: SpoolName) -> Bool { left.stem < right.stem }
}
