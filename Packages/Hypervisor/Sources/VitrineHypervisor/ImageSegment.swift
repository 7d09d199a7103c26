// SPDX-License-Identifier: MIT OR Apache-2.0

/// Where a segment of the guest's program lies in memory and what the guest may do with it.
public struct ImageSegment: Hashable, Sendable {
    /// The lowest address. Pages are the unit of protection: the segment owns every page it touches.
    public let address: GuestAddress
    /// The size in memory in bytes, zero-filled part included.
    public let byteCount: Int
    /// What guest code may do there.
    public let permissions: MemoryPermissions

    /// Makes a segment; `MemoryMap` checks it.
    public init(address: GuestAddress, byteCount: Int, permissions: MemoryPermissions) {
        self.address = address
        self.byteCount = byteCount
        self.permissions = permissions
    }
}
