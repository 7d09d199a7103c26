// SPDX-License-Identifier: MIT OR Apache-2.0

/// Gives each stack a number, so that the file holds its frames once.
///
/// A bounded cache, because the guest chooses the stacks: a fixed table with a fixed number of probes over one arena of
/// frames. A stack that was pushed out is simply defined again under a new number. A lookup allocates nothing.
struct StackInterner {
    /// One place of the table; number 0 marks it empty.
    private struct Slot {
        var hash: UInt64 = 0
        var number: UInt32 = 0
        var frameOffset: Int32 = 0
        var frameCount: UInt16 = 0
        var isCut = false
    }

    private static let probeLimit = 16

    private var slots: [Slot]
    private var arena: [UInt64] = []
    private let arenaLimit: Int
    private let seed: UInt64
    private var nextNumber: UInt32 = 1

    /// A table for about `stackLimit` stacks (rounded up to a power of two) and `frameLimit` frames in all.
    init(stackLimit: Int, frameLimit: Int) {
        var slotCount = 16
        while slotCount < stackLimit, slotCount < 1 << 20 { slotCount *= 2 }
        slots = [Slot](repeating: Slot(), count: slotCount)
        arenaLimit = Swift.max(TraceFileFormat.maximumFrameCount, Swift.min(frameLimit, 1 << 24))
        seed = UInt64.random(in: 1...UInt64.max) | 1
    }

    /// The number of the first `frameCount` frames, and whether it is new. 0 when all numbers are used up.
    mutating func intern(_ frames: Span<UInt64>, frameCount: Int, isCut: Bool) -> (number: UInt32, isNew: Bool) {
        let hash = Self.hash(frames, frameCount, isCut ? ~seed : seed)
        let mask = slots.count - 1
        let home = Int(truncatingIfNeeded: hash) & mask
        var target = home
        for probe in 0..<Self.probeLimit {
            let index = (home + probe) & mask
            let slot = slots[index]
            if slot.number == 0 {
                target = index
                break
            }
            if slot.hash == hash, slot.isCut == isCut, matches(slot, frames, frameCount) { return (slot.number, false) }
        }
        guard nextNumber < .max else { return (0, false) }
        if arena.count + frameCount > arenaLimit { forgetAll() }
        let number = nextNumber
        nextNumber += 1
        slots[target] = Slot(
            hash: hash,
            number: number,
            frameOffset: Int32(arena.count),
            frameCount: UInt16(frameCount),
            isCut: isCut
        )
        for index in 0..<frameCount { arena.append(frames[index]) }
        return (number, true)
    }

    /// Forgets every stack, so that each is defined again: for when definitions were lost.
    mutating func forgetAll() {
        arena.removeAll(keepingCapacity: true)
        for index in slots.indices { slots[index] = Slot() }
    }

    private func matches(_ slot: Slot, _ frames: Span<UInt64>, _ frameCount: Int) -> Bool {
        guard Int(slot.frameCount) == frameCount else { return false }
        let base = Int(slot.frameOffset)
        for index in 0..<frameCount where arena[base + index] != frames[index] { return false }
        return true
    }

    /// A multiply-and-fold hash under a secret seed: the guest cannot aim at a slot.
    private static func hash(_ frames: Span<UInt64>, _ frameCount: Int, _ seed: UInt64) -> UInt64 {
        var state = seed &+ UInt64(frameCount)
        for index in 0..<frameCount {
            let product = (state ^ frames[index]).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
            state = (product.high ^ product.low) &+ seed
        }
        return state
    }
}
