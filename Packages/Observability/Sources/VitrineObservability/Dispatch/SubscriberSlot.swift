// SPDX-License-Identifier: MIT OR Apache-2.0

import CVitrineThread
import Synchronization

/// A subscriber and its answers, as one object that can be swapped atomically.
final class Dispatch: Sendable {
    let subscriber: any Subscriber
    let selective: (any SelectiveSubscriber)?
    let maximumLevel: Level
    let needs: SubscriberNeeds

    init(_ subscriber: any Subscriber) {
        self.subscriber = subscriber
        selective = subscriber as? any SelectiveSubscriber
        maximumLevel = subscriber.maximumLevel
        needs = subscriber.needs
    }

    /// What the subscriber thinks of a call site.
    func interest(in metadata: Metadata) -> Interest {
        guard metadata.level <= maximumLevel, metadata.level != .off else { return .never }
        return selective?.interest(in: metadata) ?? .always
    }

    /// Whether the subscriber wants this one now.
    func isEnabled(_ metadata: Metadata, in context: SpanContext?) -> Bool {
        guard metadata.level <= maximumLevel, metadata.level != .off else { return false }
        return selective?.isEnabled(metadata, in: context) ?? true
    }
}

/// The place of the one installed subscriber.
///
/// Readers take no lock, touch no reference count and run no fence: each announces in its thread's state which object it
/// is about to use and looks again whether that is still the installed one. Whoever replaces the object runs the fence for
/// all threads (`membarrier`), so that every announcement made before is seen, and releases it once nobody names it.
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

    /// Lends the installed subscriber to `body`, which may not come back here on the same thread: the one announcement
    /// would be taken back with the inner use. `ThreadState.isDelivering` sees to it. Not to be called under a lock.
    @inline(__always)
    static func withInstalled(_ thread: ThreadState, _ body: (Dispatch) -> Void) {
        var address = installed.load(ordering: .relaxed)
        while address != 0 {
            thread.protect(address)
            vitrine_compiler_fence()
            let confirmed = installed.load(ordering: .acquiring)
            if confirmed == address { break }
            address = confirmed
        }
        // SAFETY: the address was in the slot after this thread announced it, so no sweep has released the object and none
        // will until the announcement is taken back below.
        if let pointer = unsafe UnsafeRawPointer(bitPattern: address) {
            unsafe Unmanaged<Dispatch>.fromOpaque(pointer)._withUnsafeGuaranteedRef { body($0) }
        }
        thread.protect(0)
        if retiredCount.load(ordering: .relaxed) != 0 { sweep() }
    }

    /// Releases what no thread uses any more. Not to be called under a lock: it may run a subscriber's deinit.
    @inline(never)
    static func sweep() {
        let free = retired.withLock { retired -> [UInt] in
            guard !retired.isEmpty else { return [] }
            guard vitrine_process_fence() == 0 else {
                // A kernel without the fence cannot tell who still reads: better never released than too early.
                retired.removeAll()
                retiredCount.store(0, ordering: .relaxed)
                return []
            }
            let used = ThreadState.hazards
            let free = retired.filter { !used.contains($0) }
            retired.removeAll { !used.contains($0) }
            retiredCount.wrappingSubtract(free.count, ordering: .relaxed)
            return free
        }
        for address in free {
            // SAFETY: balances the retain of `replace`; the object is out of the slot and nobody names it. Outside the
            // locks, because a subscriber's deinit may do anything.
            if let pointer = unsafe UnsafeRawPointer(bitPattern: address) {
                unsafe Unmanaged<Dispatch>.fromOpaque(pointer).release()
            }
        }
    }
}
