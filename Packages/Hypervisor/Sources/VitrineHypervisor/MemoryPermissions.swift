// SPDX-License-Identifier: MIT OR Apache-2.0

/// What guest code, which always runs at CPL 3, may do with a page.
public struct MemoryPermissions: OptionSet, Hashable, Sendable {
    /// The bits of the set.
    public let rawValue: UInt8

    /// Makes a set from its bits.
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// Loads are allowed. Implied by the other two on this architecture.
    public static let read = Self(rawValue: 1)
    /// Stores are allowed.
    public static let write = Self(rawValue: 2)
    /// Instruction fetches are allowed. Never together with `write`.
    public static let execute = Self(rawValue: 4)
}
