// SPDX-License-Identifier: MIT OR Apache-2.0

/// An address of guest memory. Guests are identity-mapped: their virtual addresses are their physical addresses (GPA).
public struct GuestAddress: RawRepresentable, Hashable, Comparable, Sendable, CustomStringConvertible {
    /// The address in bytes from guest physical address 0.
    public let rawValue: UInt64

    /// Makes an address of any value; whether it is mapped is asked where it is used.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// The same, shorter.
    public init(_ rawValue: UInt64) { self.rawValue = rawValue }

    /// Orders by value.
    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// The address as `0x` and hexadecimal digits.
    public var description: String { "0x" + String(rawValue, radix: 16) }
}
