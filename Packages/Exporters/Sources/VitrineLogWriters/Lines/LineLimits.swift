// SPDX-License-Identifier: MIT OR Apache-2.0

/// How long a line of a log may become, whatever is told: all of it may be a guest's text.
///
/// Bytes are counted as they are written, after escaping. What is cut ends in `…`, the line says that it was cut, and the
/// writer counts it.
public struct LineLimits: Sendable, Hashable {
    /// The least that a line may be limited to.
    public static let minimumLineByteCount = 1_024
    /// The most that a line may be limited to.
    public static let maximumLineByteCount = 16 << 20

    /// A whole line, its line feed included. Brought between `minimumLineByteCount` and `maximumLineByteCount`.
    ///
    /// A pipe takes 4,096 bytes in one piece (`PIPE_BUF`) when several processes write to it.
    public var lineByteCount: Int
    /// The message of an event, the description of an error.
    public var messageByteCount: Int
    /// The value of a field, an array as a whole.
    public var valueByteCount: Int
    /// A name, a target, a source file, a key.
    public var nameByteCount: Int
    /// Fields of one span or event.
    public var fieldCount: Int

    /// Limits; all have a default.
    public init(
        lineByteCount: Int = 32_768,
        messageByteCount: Int = 8_192,
        valueByteCount: Int = 4_096,
        nameByteCount: Int = 256,
        fieldCount: Int = 64
    ) {
        self.lineByteCount = lineByteCount
        self.messageByteCount = messageByteCount
        self.valueByteCount = valueByteCount
        self.nameByteCount = nameByteCount
        self.fieldCount = fieldCount
    }

    /// The same without negative numbers and with a line of a length that is allowed.
    var checked: LineLimits {
        LineLimits(
            lineByteCount: min(max(lineByteCount, Self.minimumLineByteCount), Self.maximumLineByteCount),
            messageByteCount: Self.bounded(messageByteCount), valueByteCount: Self.bounded(valueByteCount),
            nameByteCount: Self.bounded(nameByteCount), fieldCount: Self.bounded(fieldCount))
    }

    private static func bounded(_ count: Int) -> Int { min(max(count, 0), maximumLineByteCount) }
}
