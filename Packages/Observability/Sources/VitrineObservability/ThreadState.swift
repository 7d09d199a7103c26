// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Synchronization

/// What the core keeps for each thread: its identifier generator, and its part in calling a subscriber.
///
/// Made when a thread first needs it, released when the thread ends.
final class ThreadState {
    /// Used by this thread alone.
    var generator = IdentifierGenerator()
    /// Set while this thread is inside a subscriber: what it emits then is dropped. Used by this thread alone.
    var isDelivering = false
    /// What this thread protects from being released; read by other threads.
    let hazard = Hazard()

    private init() {
        Hazard.all.withLock { $0.append(hazard) }
    }

    deinit {
        Hazard.all.withLock { hazards in hazards.removeAll { $0 === hazard } }
    }

    private static let key: pthread_key_t? = {
        var key = pthread_key_t()
        // SAFETY: the key is a local of its type; the destructor gets the value set below, a retained ThreadState.
        let result = unsafe pthread_key_create(&key) { state in
            guard let state = unsafe state else { return }
            unsafe Unmanaged<ThreadState>.fromOpaque(state).release()
        }
        return result == 0 ? key : nil
    }()

    /// Lends the calling thread's state. A process that has used up its thread keys gets a fresh one each time.
    static func withCurrent<R>(_ body: (ThreadState) -> R) -> R {
        guard let key else { return body(ThreadState()) }
        // SAFETY: the value is nil or the pointer set below, retained until the thread's end; only this thread uses it.
        if let pointer = unsafe pthread_getspecific(key) {
            return unsafe Unmanaged<ThreadState>.fromOpaque(pointer)._withUnsafeGuaranteedRef { body($0) }
        }
        let state = ThreadState()
        // SAFETY: the retain below is balanced by the key's destructor, or at once if the value could not be set.
        let retained = unsafe Unmanaged.passRetained(state)
        if unsafe pthread_setspecific(key, retained.toOpaque()) != 0 {
            unsafe retained.release()
        }
        return body(state)
    }
}

/// The address of the object a thread is using and nobody may release; 0 for none.
final class Hazard: Sendable {
    let address = Atomic<UInt>(0)

    /// Those of all threads that ever needed a ThreadState and still live.
    static let all = Mutex<[Hazard]>([])
}
