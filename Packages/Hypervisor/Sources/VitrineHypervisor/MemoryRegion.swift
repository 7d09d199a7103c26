// SPDX-License-Identifier: MIT OR Apache-2.0

/// A run of guest pages that serve one purpose.
public struct MemoryRegion: Hashable, Sendable {
    /// The purposes, in the order of their addresses.
    public enum Kind: Hashable, Sendable, CaseIterable {
        /// The page the host writes and the guest reads: addresses, switches and the request sequence.
        case control
        /// A segment of the guest's program.
        case image
        /// Messages from host to guest; read-only for the guest.
        case input
        /// The guest's stack; a guard lies below it.
        case stack
        /// Telemetry records from guest to host.
        case telemetry
        /// Messages from guest to host; begins with the mailbox.
        case output
        /// What the guest's allocator hands out; nothing is mapped above it.
        case heap
    }

    /// What the region is for.
    public let kind: Kind
    /// The lowest address, a multiple of the page size.
    public let address: GuestAddress
    /// The size in bytes, a multiple of the page size.
    public let byteCount: Int
    /// What guest code may do there.
    public let permissions: MemoryPermissions

    package init(kind: Kind, address: GuestAddress, byteCount: Int, permissions: MemoryPermissions) {
        self.kind = kind
        self.address = address
        self.byteCount = byteCount
        self.permissions = permissions
    }

    /// The first address behind the region.
    public var end: GuestAddress { GuestAddress(address.rawValue &+ UInt64(byteCount)) }
}
