// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization

/// The instruments of a family by the values of their labels, found without a lock.
///
/// Open addressing over entries that never change and never move. A slot is filled once, by a releasing store; a
/// table that is half full is replaced by one of twice the size, and the smaller ones are kept until the family goes, so a
/// reader may still be in them. What has no entry takes the lock. The number of entries is limited; when they are all
/// taken, every other combination of values is counted by one instrument more.
@safe
final class LabelTable<Instrument: Sendable>: @unchecked Sendable {
    /// What a combination of values leads to. Its key is in memory of its own: for each value its length as four bytes
    /// and its bytes.
    @safe
    struct Entry {
        let hash: UInt64
        let key: UnsafeMutableRawBufferPointer
        /// In memory of its own, so that it is used in place: a copy would count references that all threads share.
        let instrument: UnsafeMutablePointer<Instrument>
    }

    typealias EntryPointer = UnsafeMutablePointer<Entry>
    private typealias Slot = Atomic<UnsafeMutablePointer<Entry>?>

    @safe
    private struct Slots {
        let mask: Int
        let start: UnsafeMutablePointer<Slot>
    }

    // SAFETY: lists of what `newEntry` and `newSlots` made, released in `deinit`.
    @safe
    private struct Owned {
        var entries: [EntryPointer] = unsafe []
        var tables: [UnsafeMutablePointer<Slots>] = unsafe []
        var overflow: EntryPointer?
    }

    let labelNames: [String]
    private let maximumCount: Int
    private let make: @Sendable ([MetricLabel]) -> Instrument
    private let seed = UInt64.random(in: .min ... .max)
    private let published: Atomic<UnsafeMutablePointer<Slots>>
    // SAFETY: published entries live as long as the table.
    /// The instrument of all other values, once the entries are all taken.
    private let overflow = unsafe Atomic<UnsafeMutablePointer<Entry>?>(nil)
    private let owned: Mutex<Owned>
    /// The instrument of all values, where no combination is kept apart.
    let only: EntryPointer?

    init(labelNames: [String], maximumCount: Int, make: @escaping @Sendable ([MetricLabel]) -> Instrument) {
        self.labelNames = labelNames
        self.maximumCount = maximumCount
        self.make = make
        // SAFETY: released in `deinit`.
        let slots = unsafe Self.newSlots(16)
        unsafe published = Atomic(slots)
        unsafe only = maximumCount < 1 ? Self.newEntry(0, [], make([.overflow])) : nil
        owned = unsafe Mutex(Owned(tables: [slots], overflow: only))
    }

    deinit {
        // SAFETY: nobody can be looking something up in an object that nobody refers to; each pointer is in its list once.
        owned.withLock { owned in
            if let overflow = unsafe owned.overflow { unsafe owned.entries.append(overflow) }
            for index in unsafe owned.entries.indices {
                let entry = unsafe owned.entries[index]
                unsafe entry.pointee.key.deallocate()
                unsafe entry.pointee.instrument.deinitialize(count: 1).deallocate()
                unsafe entry.deinitialize(count: 1).deallocate()
            }
            for index in unsafe owned.tables.indices {
                let table = unsafe owned.tables[index]
                unsafe table.pointee.start.deinitialize(count: table.pointee.mask + 1).deallocate()
                unsafe table.deinitialize(count: 1).deallocate()
            }
        }
    }

    /// Where up to three values lead without a lock; nil if they have no entry, or one of them is too long for any.
    @inline(__always)
    func find(
        _ count: Int, _ first: UnsafeRawBufferPointer, _ second: UnsafeRawBufferPointer, _ third: UnsafeRawBufferPointer
    ) -> EntryPointer? {
        // SAFETY: only bytes inside the values and the keys are read.
        let longest = max(first.count, second.count, third.count)
        guard longest <= MetricLabel.maximumValueByteCount else { return nil }
        var hash = seed
        if count > 0 { hash = unsafe LabelBytes.hash(first, hash) }
        if count > 1 { hash = unsafe LabelBytes.hash(second, hash) }
        if count > 2 { hash = unsafe LabelBytes.hash(third, hash) }
        return unsafe find(hash) { key in
            unsafe (count < 1 || LabelBytes.removePrefix(first, of: &key))
                && (count < 2 || LabelBytes.removePrefix(second, of: &key))
                && (count < 3 || LabelBytes.removePrefix(third, of: &key))
        }
    }

    /// The same for any number of values.
    func find(_ values: ArraySlice<String>) -> EntryPointer? {
        guard let hash = hash(values) else { return nil }
        // SAFETY: only bytes inside the values and the keys are read.
        return unsafe find(hash) { key in
            values.allSatisfy { unsafe $0.utf8.span.withUnsafeBytes { unsafe LabelBytes.removePrefix($0, of: &key) } }
        }
    }

    /// The instrument of values that `find` may not have found: a new entry while there is room.
    @inline(never)
    func instrument(_ values: ArraySlice<String>) -> Instrument {
        // SAFETY: an entry lives as long as this object.
        if let entry = unsafe only ?? find(values) { return unsafe entry.pointee.instrument.pointee }
        let labels = zip(labelNames, values).map { MetricLabel(name: $0, value: $1) }
        // The recorder is asked without the lock, for it may be anybody's. Values too long for a key are not kept: they
        // would take memory without bound.
        guard let hash = hash(values) else { return make(labels) }
        guard owned.withLock({ unsafe $0.entries.count < maximumCount }) else {
            let others = make([.overflow])
            owned.withLock { owned in
                guard unsafe owned.overflow == nil else { return }
                unsafe owned.overflow = Self.newEntry(0, [], others)
                unsafe overflow.store(owned.overflow, ordering: .releasing)
            }
            return others
        }
        let new = make(labels)
        owned.withLock { owned in
            // Another thread may have been faster, with the same values or with the last free entry.
            guard unsafe find(values) == nil && owned.entries.count < maximumCount else { return }
            if unsafe (owned.entries.count + 1) * 2 > owned.tables[owned.tables.count - 1].pointee.mask + 1 {
                grow(&owned)
            }
            let entry = unsafe Self.newEntry(hash, LabelBytes.key(Array(values)), new)
            unsafe owned.entries.append(entry)
            unsafe Self.fill(owned.tables[owned.tables.count - 1], with: entry)
        }
        return new
    }

    /// Puts all entries into a table of twice the size and publishes that.
    private func grow(_ owned: inout Owned) {
        // SAFETY: the lock is held; readers see the new table after it is filled.
        let old = unsafe owned.tables[owned.tables.count - 1]
        let new = unsafe Self.newSlots((old.pointee.mask + 1) * 2)
        for index in unsafe owned.entries.indices { unsafe Self.fill(new, with: owned.entries[index]) }
        unsafe owned.tables.append(new)
        unsafe published.store(new, ordering: .releasing)
    }

    /// Fills the first free slot for an entry.
    private static func fill(_ slots: UnsafeMutablePointer<Slots>, with entry: EntryPointer) {
        // SAFETY: the mask keeps the position among the slots, of which half are free.
        var position = unsafe Int(truncatingIfNeeded: entry.pointee.hash) & slots.pointee.mask
        while unsafe slots.pointee.start[position].load(ordering: .relaxed) != nil {
            position = unsafe (position &+ 1) & slots.pointee.mask
        }
        unsafe slots.pointee.start[position].store(entry, ordering: .releasing)
    }

    private static func newSlots(_ count: Int) -> UnsafeMutablePointer<Slots> {
        // SAFETY: memory of its own, initialized whole, released in `deinit`.
        let start = UnsafeMutablePointer<Slot>.allocate(capacity: count)
        for position in 0..<count { unsafe (start + position).initialize(to: Slot(nil)) }
        let slots = UnsafeMutablePointer<Slots>.allocate(capacity: 1)
        unsafe slots.initialize(to: Slots(mask: count - 1, start: start))
        return unsafe slots
    }

    private static func newEntry(_ hash: UInt64, _ key: [UInt8], _ instrument: Instrument) -> EntryPointer {
        // SAFETY: as above.
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: key.count, alignment: 1)
        unsafe memory.copyBytes(from: key)
        let place = UnsafeMutablePointer<Instrument>.allocate(capacity: 1)
        unsafe place.initialize(to: instrument)
        let entry = EntryPointer.allocate(capacity: 1)
        unsafe entry.initialize(to: Entry(hash: hash, key: memory, instrument: place))
        return unsafe entry
    }

    /// The hash of values; nil if one of them is too long for a key.
    private func hash(_ values: ArraySlice<String>) -> UInt64? {
        var hash = seed
        for value in values {
            let bytes = value.utf8.span
            guard bytes.count <= MetricLabel.maximumValueByteCount else { return nil }
            // SAFETY: only the value's bytes are read.
            hash = unsafe bytes.withUnsafeBytes { unsafe LabelBytes.hash($0, hash) }
        }
        return hash
    }

    /// Probes for a hash and a key that `matches` takes to pieces, until a free slot.
    @inline(__always)
    private func find(_ hash: UInt64, _ matches: (inout UnsafeRawBufferPointer) -> Bool) -> EntryPointer? {
        // SAFETY: published slots and entries live as long as this object and do not change but from free to filled; the
        // mask keeps the position among them, and half of them are free.
        let slots = unsafe published.load(ordering: .acquiring)
        var position = Int(truncatingIfNeeded: hash)
        while true {
            position &= unsafe slots.pointee.mask
            guard let entry = unsafe slots.pointee.start[position].load(ordering: .acquiring) else {
                return unsafe overflow.load(ordering: .acquiring)
            }
            if unsafe entry.pointee.hash == hash {
                var key = unsafe UnsafeRawBufferPointer(entry.pointee.key)
                if unsafe matches(&key) && key.isEmpty { return unsafe entry }
            }
            position &+= 1
        }
    }
}
