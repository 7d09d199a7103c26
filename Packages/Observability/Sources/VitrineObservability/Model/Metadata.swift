// SPDX-License-Identifier: MIT OR Apache-2.0

/// What is known of a span or an event before it happens: its name, where it stands in the code, how much it matters.
public struct Metadata: Sendable, Hashable {
    /// The name of the span; for an event the name of its kind.
    public let name: String
    /// The part of the program it belongs to, by default the module.
    public let target: String
    /// How much it matters.
    public let level: Level
    /// Whether it is of a span or of an event.
    public let kind: RecordKind
    /// The source file, as `#fileID` gives it; empty if unknown.
    public let file: String
    /// The line in it, from 1; 0 if unknown.
    public let line: UInt32

    /// Metadata of all its parts.
    public init(
        name: String, target: String, level: Level, kind: RecordKind = .event, file: String = "", line: UInt32 = 0
    ) {
        self.name = name
        self.target = target
        self.level = level
        self.kind = kind
        self.file = file
        self.line = line
    }
}

/// What a call site makes.
@frozen
public enum RecordKind: UInt8, Sendable, Hashable {
    /// Something with a beginning and an end.
    case span
    /// Something that happens at one moment.
    case event
}
