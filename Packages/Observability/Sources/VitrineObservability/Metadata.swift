// SPDX-License-Identifier: MIT OR Apache-2.0

/// What is known of a span or an event before it happens: its name, where it stands in the code, how much it matters.
public struct Metadata: Sendable, Hashable {
    /// The name of the span; for an event the name of its kind, often the same as its target.
    public let name: String
    /// The part of the program it belongs to, by default the module.
    public let target: String
    /// How much it matters.
    public let level: Level
    /// The source file, as `#fileID` gives it; empty if unknown.
    public let file: String
    /// The line in it, from 1; 0 if unknown.
    public let line: UInt32

    /// Metadata of all its parts.
    public init(name: String, target: String, level: Level, file: String = "", line: UInt32 = 0) {
        self.name = name
        self.target = target
        self.level = level
        self.file = file
        self.line = line
    }

    /// Metadata of a call site; the target falls back to the module in the `#fileID`.
    @usableFromInline
    init(name: String, target: String?, level: Level, fileID: String, line: UInt32) {
        let utf8 = fileID.utf8
        let module = target ?? String(fileID[..<(utf8.firstIndex(of: UInt8(ascii: "/")) ?? utf8.endIndex)])
        self.init(name: name, target: module, level: level, file: fileID, line: line)
    }
}
