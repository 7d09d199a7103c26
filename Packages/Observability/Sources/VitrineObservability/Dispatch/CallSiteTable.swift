// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization

/// All call sites by their key. A look-up takes no lock: it probes a table that is replaced when it is half full.
enum CallSiteTable {
    private struct Slot: ~Copyable {
        var key = CallSiteKey()
        /// The address of the CallSite, which lives for ever; written after the key, 0 while the slot is empty.
        let site = Atomic<UInt>(0)
    }

    /// A power of two of slots; never changed once a larger one has taken its place, and never released, for a reader may
    /// still probe it: all tables together are at most twice the last.
    @safe
    private struct Table: ~Copyable {
        let mask: Int
        let slots: UnsafeMutablePointer<Slot>

        init(slotCount: Int) {
            mask = slotCount - 1
            // SAFETY: all slots are initialized by the loop below, and live for ever.
            unsafe slots = .allocate(capacity: slotCount)
            for index in 0..<slotCount { unsafe (slots + index).initialize(to: Slot()) }
        }
    }

    private struct State {
        var sites: [CallSite] = []
        /// Counts the changes of who is asked.
        var generation: UInt64 = 0
        /// The published table, and how many slots it has.
        var slotCount = 0
    }

    private static let published = Atomic<UInt>(0)
    private static let state = Mutex(State())

    static var all: [CallSite] { state.withLock { $0.sites } }

    /// The call site of a key, if it is known.
    @inline(__always)
    static func find(_ key: CallSiteKey) -> SiteReference? {
        // SAFETY: published tables live for ever; indices are masked; a slot's key was written before its site.
        guard let table = unsafe UnsafePointer<Table>(bitPattern: published.load(ordering: .acquiring)) else {
            return nil
        }
        let mask = unsafe table.pointee.mask
        let slots = unsafe table.pointee.slots
        var index = key.hash & mask
        while true {
            let address = unsafe slots[index].site.load(ordering: .acquiring)
            guard let site = SiteReference(address: address) else { return nil }
            if unsafe slots[index].key == key { return site }
            index = (index + 1) & mask
        }
    }

    /// Makes the call site of a key, unless another thread just has.
    ///
    /// - Parameter interest: asks the subscriber, outside of the lock, for it is foreign code. If the subscriber changes
    ///   meanwhile, the answer may be of either, and is not kept: the site asks each time until the next change.
    @inline(never)
    static func add(
        _ key: CallSiteKey, _ metadata: () -> Metadata, interest: (Metadata) -> Interest
    ) -> SiteReference {
        let generation = state.withLock { $0.generation }
        let metadata = metadata()
        let answer = interest(metadata)
        return state.withLock { state in
            if let known = find(key) { return known }
            let site = CallSite(
                metadata, interest: generation == state.generation ? answer : .sometimes, isLasting: true)
            if 2 * (state.sites.count + 1) > state.slotCount { grow(&state) }
            state.sites.append(site)
            // The list above keeps it for ever.
            let reference = SiteReference(outlivedBy: site)
            insert(key, reference.address, published.load(ordering: .relaxed))
            return reference
        }
    }

    /// Asks anew what the subscriber thinks of each call site, outside of the lock. The caller serializes changes.
    static func reconsider(_ interest: (Metadata) -> Interest) {
        let sites = state.withLock { state in
            state.generation += 1
            return state.sites
        }
        for site in sites { site.interest.store(interest(site.metadata).rawValue, ordering: .relaxed) }
    }

    private static func grow(_ state: inout State) {
        let old = published.load(ordering: .relaxed)
        let slotCount = max(64, 2 * state.slotCount)
        // SAFETY: allocated and initialized here, filled before it is published, lives for ever.
        let table = UnsafeMutablePointer<Table>.allocate(capacity: 1)
        unsafe table.initialize(to: Table(slotCount: slotCount))
        let address = UInt(bitPattern: table)
        if let oldTable = unsafe UnsafePointer<Table>(bitPattern: old) {
            for index in 0..<state.slotCount {
                let site = unsafe oldTable.pointee.slots[index].site.load(ordering: .relaxed)
                if site != 0 { insert(unsafe oldTable.pointee.slots[index].key, site, address) }
            }
        }
        state.slotCount = slotCount
        published.store(address, ordering: .releasing)
    }

    /// Under the lock: puts a site into the first free slot of a table that has one.
    private static func insert(_ key: CallSiteKey, _ site: UInt, _ address: UInt) {
        // SAFETY: as in `find`; nobody else writes, for the lock is held.
        guard let table = unsafe UnsafePointer<Table>(bitPattern: address) else { return }
        let mask = unsafe table.pointee.mask
        let slots = unsafe table.pointee.slots
        var index = key.hash & mask
        while unsafe slots[index].site.load(ordering: .relaxed) != 0 { index = (index + 1) & mask }
        unsafe slots[index].key = key
        unsafe slots[index].site.store(site, ordering: .releasing)
    }
}
