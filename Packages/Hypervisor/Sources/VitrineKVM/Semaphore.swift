// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Glibc

/// A counting semaphore of the C library, for threads that have to sleep outside Swift's concurrency.
@safe final class Semaphore: @unchecked Sendable {
    // Sendable: that is what a semaphore is for; the pointer never changes.

    private let pointer: UnsafeMutablePointer<sem_t>

    /// Starts at zero.
    init() {
        // SAFETY: allocated here, initialized by `sem_init`, released by `deinit` only.
        unsafe pointer = .allocate(capacity: 1)
        unsafe sem_init(pointer, 0, 0)
    }

    deinit {
        // SAFETY: nobody waits, since a waiter holds a reference.
        unsafe sem_destroy(pointer)
        unsafe pointer.deallocate()
    }

    /// Counts one up and wakes a waiter.
    // SAFETY: the semaphore lives as long as this object.
    func signal() { unsafe sem_post(pointer) }

    /// Sleeps until the count is above zero, and counts one down.
    // SAFETY: as in `signal`.
    func wait() { while unsafe sem_wait(pointer) != 0 {} }
}
