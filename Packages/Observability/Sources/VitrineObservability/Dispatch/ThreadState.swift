// SPDX-License-Identifier: MIT OR Apache-2.0

import CVitrineThread
import Glibc
import Synchronization

/// What spans and events keep for each thread: made when the thread first needs it, freed when it ends.
///
/// A handle, which only the thread itself uses; the state lies behind a pointer because a class would have each access
/// checked for exclusivity, where the whole of an event takes ten nanoseconds.
@safe
struct ThreadState {
    private struct State: ~Copyable {
        var generator = IdentifierGenerator()
        var isDelivering = false
        var isAsking = false
        var idleSpans = IdleSpans()
        /// What this thread protects from being released; read by other threads.
        let hazard = Atomic<UInt>(0)
    }

    private let state: UnsafeMutablePointer<State>

    /// The calling thread's. A thread that is ending may get a second one, which ends with it too.
    static var current: ThreadState {
        @inline(__always) get {
            // SAFETY: null, or the pointer `make` put there for this thread, valid until the thread's end.
            if let known = unsafe vitrine_thread_telemetry() {
                unsafe ThreadState(state: known.assumingMemoryBound(to: State.self))
            } else {
                make()
            }
        }
    }

    @inline(__always)
    private init(state: UnsafeMutablePointer<State>) {
        // SAFETY: the callers are `current` and `make`.
        unsafe self.state = unsafe state
    }

    @inline(never)
    private static func make() -> ThreadState {
        // SAFETY: allocated and initialized here; released by `destroy`, once, at the end of the thread.
        let state = UnsafeMutablePointer<State>.allocate(capacity: 1)
        unsafe state.initialize(to: State())
        let address = UInt(bitPattern: state)
        all.withLock { $0.append(address) }
        unsafe vitrine_thread_set_telemetry(state)
        // Without a key (a process has 1,024) the state of an ended thread is never released.
        if let key { unsafe pthread_setspecific(key, state) }
        return unsafe ThreadState(state: state)
    }

    /// The states of all threads that need one, by address.
    private static let all = Mutex<[UInt]>([])

    private static let key: pthread_key_t? = {
        var key = pthread_key_t()
        // SAFETY: the key is a local of its type; the destructor gets what `make` has set.
        let result = unsafe pthread_key_create(&key) { state in
            guard let state = unsafe state else { return }
            unsafe ThreadState.destroy(state.assumingMemoryBound(to: State.self))
        }
        return result == 0 ? key : nil
    }()

    private static func destroy(_ state: UnsafeMutablePointer<State>) {
        let address = UInt(bitPattern: state)
        all.withLock { all in all.removeAll { $0 == address } }
        // SAFETY: the thread ends, nobody else reads the state once it is out of the list; idle spans are its own.
        vitrine_thread_set_telemetry(nil)
        unsafe state.pointee.idleSpans.removeAll()
        unsafe state.deinitialize(count: 1)
        unsafe state.deallocate()
    }

    /// The addresses that threads protect now.
    static var hazards: [UInt] {
        all.withLock { all in
            all.compactMap { address in
                // SAFETY: what is in the list is alive, and leaves it under this lock before it is freed.
                let state = unsafe UnsafeMutablePointer<State>(bitPattern: address)
                return unsafe state?.pointee.hazard.load(ordering: .sequentiallyConsistent)
            }
        }
    }

    // SAFETY, of all below: the pointer is the calling thread's own, and no access is held across a call of foreign code.

    /// Whether this thread is inside a subscriber: what it emits then is dropped.
    var isDelivering: Bool {
        @inline(__always) get { unsafe state.pointee.isDelivering }
        @inline(__always) nonmutating set { unsafe state.pointee.isDelivering = newValue }
    }

    /// Whether this thread asks a subscriber what it wants, under the lock of those who listen.
    var isAsking: Bool {
        get { unsafe state.pointee.isAsking }
        nonmutating set { unsafe state.pointee.isAsking = newValue }
    }

    /// The address of the object this thread uses and nobody may release; 0 for none.
    @inline(__always)
    func protect(_ address: UInt) { unsafe state.pointee.hazard.store(address, ordering: .releasing) }

    /// The next 64 random bits.
    @inline(__always)
    func nextRandom() -> UInt64 { unsafe state.pointee.generator.next() }

    /// The next 64 random bits that are not all zero.
    @inline(__always)
    func nextNonzeroRandom() -> UInt64 { unsafe state.pointee.generator.nextNonzero() }

    /// Lends the spans that wait to be used again.
    @inline(__always)
    func withIdleSpans<R>(_ body: (inout IdleSpans) -> R) -> R { unsafe body(&state.pointee.idleSpans) }
}
