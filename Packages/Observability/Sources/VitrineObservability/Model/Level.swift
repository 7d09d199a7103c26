// SPDX-License-Identifier: MIT OR Apache-2.0

/// How much a span or an event matters; a subscriber takes everything up to its own level.
///
/// Ordered by verbosity: `.error < .warn < .info < .debug < .trace`. The raw values are the ones the guest's
/// control page carries, so a level crosses the boundary as one byte.
@frozen
public enum Level: UInt8, Sendable, Comparable, CaseIterable {
    /// Nothing. As a subscriber's level it refuses everything; a record of this level is never delivered.
    case off = 0
    /// Something failed.
    case error
    /// Something looks wrong, the work goes on.
    case warn
    /// What an operator wants to see. The default of spans and events.
    case info
    /// What the author of the code wants to see.
    case debug
    /// Everything.
    case trace

    /// Whether `lhs` is less verbose than `rhs`.
    @inlinable
    public static func < (lhs: Level, rhs: Level) -> Bool {
        lhs.rawValue < rhs.rawValue
    }
}

extension Level: CustomStringConvertible {
    /// The lower-case name: `off`, `error`, `warn`, `info`, `debug` or `trace`.
    public var description: String {
        switch self {
        case .off: "off"
        case .error: "error"
        case .warn: "warn"
        case .info: "info"
        case .debug: "debug"
        case .trace: "trace"
        }
    }
}
