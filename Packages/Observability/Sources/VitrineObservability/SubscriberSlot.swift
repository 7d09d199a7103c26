// SPDX-License-Identifier: MIT OR Apache-2.0

import Synchronization

/// A subscriber and its level, as one object that can be swapped atomically.
final class Dispatch: Sendable {
    let subscriber: any Subscriber
    let maximumLevel: Level

    init(_ subscriber: any Subscriber) {
        self.subscriber = subscriber
        maximumLevel = subscriber.maximumLevel
    }
}

/// The place of the one installed subscriber.
///
/// Readers take no lock and touch no reference count: each announces in its thread's hazard which object it is about
/// to use and looks again whether that is still the installed one. A replaced object is released once no hazard names
/// it, by the replacing thread or by the reader that leaves it last.
enum SubscriberSlot {
    /// The address of the installed Dispatch, retained by this slot; 0 for none.
    private static let installed = Atomic<UInt>(0)
    /// Objects taken out and not released yet, retained by this list.
    private static let retired = Mutex<[UInt]>([])
    /// How many are in the list, for readers to look at without the lock.
    private static let retiredCount = Atomic<Int>(0)

    /// Puts a subscriber in the slot, or empties it. The caller serializes replacements and sweeps afterwards.
    static func replace(with dispatch: Dispatch?) {
        var address: UInt = 0
        if let dispatch {
            // SAFETY: the retain is given to the slot and released in `sweep` after the object left it.
            address = unsafe UInt(bitPattern: Unmanaged.passRetained(dispatch).toOpaque())
        }
        let old = installed.exchange(address, ordering: .sequentiallyConsistent)
        if old != 0 {
            retired.withLock { $0.append(old) }
            retiredCount.wrappingAdd(1, ordering: .sequentiallyConsistent)
        }
    }

    /// Lends the installed subscriber to `body`, which may not come back here on the same thread.
    static func withInstalled(_ state: ThreadState, _ body: (Dispatch) -> Void) {
        let hazard = state.hazard
        var address = installed.load(ordering: .acquiring)
        while address != 0 {
            hazard.address.store(address, ordering: .sequentiallyConsistent)
            let confirmed = installed.load(ordering: .sequentiallyConsistent)
            if confirmed == address { break }
            address = confirmed
        }
        // SAFETY: the address was in the slot after this thread's hazard named it, so no sweep has released the object
        // and none will until the hazard is cleared below.
        if let pointer = unsafe UnsafeRawPointer(bitPattern: address) {
            unsafe Unmanaged<Dispatch>.fromOpaque(pointer)._withUnsafeGuaranteedRef { body($0) }
        }
        hazard.address.store(0, ordering: .releasing)
        if retiredCount.load(ordering: .relaxed) != 0 { sweep() }
    }

    /// Releases what no thread uses any more. Not to be called under a lock: it may run a subscriber's deinit.
    static func sweep() {
        let free = retired.withLock { retired -> [UInt] in
            guard !retired.isEmpty else { return [] }
            let used = Hazard.all.withLock { hazards in
                hazards.map { $0.address.load(ordering: .sequentiallyConsistent) }
            }
            let free = retired.filter { !used.contains($0) }
            retired.removeAll { !used.contains($0) }
            retiredCount.wrappingSubtract(free.count, ordering: .relaxed)
            return free
        }
        for address in free {
            // SAFETY: balances the retain of `replace`; the object is out of the slot and no hazard names it. Outside the
            // locks, because a subscriber's deinit may do anything.
            if let pointer = unsafe UnsafeRawPointer(bitPattern: address) {
                unsafe Unmanaged<Dispatch>.fromOpaque(pointer).release()
            }
        }
    }
}
