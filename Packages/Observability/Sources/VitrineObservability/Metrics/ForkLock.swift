// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc

/// A lock that may be taken before `fork` and opened in the child.
///
/// The standard library's `Mutex` remembers the thread that locked it, and a child's thread is another one.
@safe
final class ForkLock: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>

    init() {
        // SAFETY: one mutex of ordinary attributes in memory of its own, released with the object.
        unsafe mutex = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe pthread_mutex_init(mutex, nil)
    }

    deinit {
        // SAFETY: nobody can hold the lock of an object that nobody refers to.
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
    }

    /// Waits for the lock. Ordinary mutexes fail only when the memory is none.
    func lock() {
        // SAFETY: the mutex of `init`.
        unsafe pthread_mutex_lock(mutex)
    }

    /// Opens the lock, which this thread holds, or in a child of `fork` the thread it comes from.
    func unlock() {
        // SAFETY: the mutex of `init`.
        unsafe pthread_mutex_unlock(mutex)
    }
}
