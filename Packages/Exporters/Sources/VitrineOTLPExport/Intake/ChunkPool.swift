// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization

/// Memory for records that nobody has looked at yet, in chunks of one size: allocated once, touched when it is used, given
/// and taken back without a lock.
///
/// The free chunks are a stack of indices whose head counts its changes, so that a head that has come back is told from one
/// that was never away. The chunk that came back last is the first to go: what is seldom needed is never touched.
@safe
final class ChunkPool: @unchecked Sendable {
    /// The bytes of a chunk.
    static let chunkByteCount = 8_192

    /// How many chunks there are.
    let chunkCount: Int
    private let memory: UnsafeMutableRawPointer
    /// For each free chunk the next one: its index and 1, 0 for none.
    private let following: UnsafeMutablePointer<Atomic<UInt32>>
    /// The first free chunk likewise, below a count of changes.
    private let head: Atomic<UInt64>

    // SAFETY, of all below: both allocations live as long as the pool, whose users hold on to it. Indices come from the stack
    // and are of chunks that exist. The memory of a chunk belongs to who has taken it.

    /// Room for so many bytes, up to the next whole chunk.
    init(byteCount: Int) {
        chunkCount = max(1, (byteCount + Self.chunkByteCount - 1) / Self.chunkByteCount)
        unsafe memory = .allocate(byteCount: chunkCount * Self.chunkByteCount, alignment: 128)
        unsafe following = .allocate(capacity: chunkCount)
        for index in 0..<chunkCount {
            unsafe (following + index).initialize(to: Atomic(index + 1 < chunkCount ? UInt32(index + 2) : 0))
        }
        head = Atomic(1)
    }

    deinit {
        unsafe following.deinitialize(count: chunkCount)
        unsafe following.deallocate()
        unsafe memory.deallocate()
    }

    /// Takes a chunk out; gives its address, or nil if none is free.
    func take() -> UInt? {
        var old = head.load(ordering: .acquiring)
        while true {
            let first = Int(old & 0xFFFF_FFFF)
            guard first > 0 else { return nil }
            // May be of a chunk that somebody else has taken meanwhile: then the exchange fails.
            let next = unsafe UInt64(following[first - 1].load(ordering: .relaxed))
            let new = (old & ~0xFFFF_FFFF) &+ (1 << 32) | next
            let result = head.weakCompareExchange(expected: old, desired: new, ordering: .acquiringAndReleasing)
            if result.exchanged { return unsafe UInt(bitPattern: memory + (first - 1) * Self.chunkByteCount) }
            old = result.original
        }
    }

    /// Takes a chunk back, by any address in it.
    func giveBack(_ address: UInt) {
        let index = unsafe Int(address - UInt(bitPattern: memory)) / Self.chunkByteCount
        var old = head.load(ordering: .relaxed)
        while true {
            unsafe following[index].store(UInt32(truncatingIfNeeded: old), ordering: .relaxed)
            let new = (old & ~0xFFFF_FFFF) &+ (1 << 32) | UInt64(index + 1)
            let result = head.weakCompareExchange(expected: old, desired: new, ordering: .acquiringAndReleasing)
            if result.exchanged { return }
            old = result.original
        }
    }
}
