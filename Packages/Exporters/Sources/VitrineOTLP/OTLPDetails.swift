// SPDX-License-Identifier: MIT OR Apache-2.0

/// What of a record's metadata becomes attributes. `vitrine.origin`, `host` or `guest`, always does.
///
/// No field of a record takes the place of one of these: one of the same key is dropped.
public struct OTLPDetails: OptionSet, Sendable, Hashable {
    /// One bit for each detail.
    public let rawValue: UInt8

    /// Details of their bits.
    public init(rawValue: UInt8) {
        self.rawValue = rawValue
    }

    /// `vitrine.target`, the part of the program.
    public static let target = OTLPDetails(rawValue: 1)
    /// `vitrine.level` of spans and of their events. Log records have it as their severity.
    public static let level = OTLPDetails(rawValue: 2)
    /// `code.file.path` and `code.line.number`, where they are known.
    public static let place = OTLPDetails(rawValue: 4)
    /// All of them, about 90 bytes a record.
    public static let all: OTLPDetails = [.target, .level, .place]
}
