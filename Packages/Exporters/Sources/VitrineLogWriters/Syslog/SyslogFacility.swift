// SPDX-License-Identifier: MIT OR Apache-2.0

internal import VitrineObservability

/// What kind of program speaks: RFC 5424, table 1.
public enum SyslogFacility: UInt8, Sendable, Hashable, CaseIterable {
    /// The kernel.
    case kernel = 0
    /// Programs of users.
    case user
    /// Mail.
    case mail
    /// Daemons of the system.
    case daemon
    /// Security and authorization.
    case auth
    /// Syslog itself.
    case syslog
    /// Printing.
    case printer
    /// Network news.
    case news
    /// UUCP.
    case uucp
    /// The clock.
    case clock
    /// Security and authorization, private.
    case authPrivate
    /// FTP.
    case ftp
    /// NTP.
    case ntp
    /// Log audit.
    case audit
    /// Log alert.
    case alert
    /// The clock, second.
    case clockSecond
    /// For local use.
    case local0
    /// For local use.
    case local1
    /// For local use.
    case local2
    /// For local use.
    case local3
    /// For local use.
    case local4
    /// For local use.
    case local5
    /// For local use.
    case local6
    /// For local use.
    case local7

    /// PRIVAL: eight times the facility plus the severity (table 2), 3 error, 4 warning, 6 informational, 7 debug.
    func priority(_ level: Level) -> UInt64 {
        let severity: UInt64 =
            switch level {
            case .error: 3
            case .warn: 4
            case .info: 6
            case .debug, .trace, .off: 7
            }
        return UInt64(rawValue) * 8 + severity
    }
}
