// SPDX-License-Identifier: MIT OR Apache-2.0

public import Logging
public import VitrineObservability

// The one table of levels, read in both directions:
//
//   ours    to swift-log    from swift-log
//   error   error           error, critical
//   warn    warning         warning
//   info    info            info, notice
//   debug   debug           debug
//   trace   trace           trace
//   off     nothing         nothing
//
// Down and up again a level is never more severe than it was: notice comes back as info, critical as error. Records that
// keep their fields come back exactly, by the field `log.level`: see `VitrineLogHandler`.

extension Level {
    /// The level of ours that a record of swift-log has: `notice` is `info`, `critical` is `error`.
    public init(_ level: Logger.Level) {
        self =
            switch level {
            case .trace: .trace
            case .debug: .debug
            case .info, .notice: .info
            case .warning: .warn
            case .error, .critical: .error
            }
    }
}

extension Logger.Level {
    /// The level of swift-log that a record of ours has; nil for `off`, which no record has.
    public init?(_ level: Level) {
        switch level {
        case .off: return nil
        case .error: self = .error
        case .warn: self = .warning
        case .info: self = .info
        case .debug: self = .debug
        case .trace: self = .trace
        }
    }
}

extension Level {
    /// The name of a level of swift-log that this table has no line of its own for; nil for all others.
    static func unlistedName(of level: Logger.Level) -> String? {
        switch level {
        case .notice, .critical: level.rawValue
        case .trace, .debug, .info, .warning, .error: nil
        }
    }

    /// The level that `unlistedName` named, if a record of this level may have had it.
    func unlistedLevel(named name: String) -> Logger.Level? {
        guard let level = Logger.Level(rawValue: name), Level.unlistedName(of: level) != nil, Level(level) == self
        else { return nil }
        return level
    }
}
