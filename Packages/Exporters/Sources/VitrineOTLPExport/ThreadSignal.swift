// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import VitrineObservability

/// News from one thread to others, which wait for them by the monotonic clock. Counted, so that none is missed.
@safe
final class ThreadSignal: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>
    private var newsCount: UInt64 = 0

    // SAFETY, of all below: a mutex and a condition in memory of their own, released with the object, which nobody who waits
    // lets go of. The count is read and written under the mutex.

    init() {
        unsafe mutex = .allocate(capacity: 1)
        unsafe mutex.initialize(to: pthread_mutex_t())
        unsafe pthread_mutex_init(mutex, nil)
        unsafe condition = .allocate(capacity: 1)
        unsafe condition.initialize(to: pthread_cond_t())
        var attributes = pthread_condattr_t()
        unsafe pthread_condattr_init(&attributes)
        unsafe pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC)
        unsafe pthread_cond_init(condition, &attributes)
        unsafe pthread_condattr_destroy(&attributes)
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe condition.deallocate()
        unsafe pthread_mutex_destroy(mutex)
        unsafe mutex.deallocate()
    }

    /// How many news there were.
    var count: UInt64 {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        return newsCount
    }

    /// Wakes all who wait.
    func notify() {
        unsafe pthread_mutex_lock(mutex)
        newsCount &+= 1
        unsafe pthread_mutex_unlock(mutex)
        unsafe pthread_cond_broadcast(condition)
    }

    /// Waits until there are news beyond those that were counted, or the monotonic clock shows a time in nanoseconds; nil
    /// waits for news only.
    func wait(beyond known: UInt64, until time: UInt64?) {
        unsafe pthread_mutex_lock(mutex)
        defer { unsafe pthread_mutex_unlock(mutex) }
        while newsCount == known {
            guard let time else {
                unsafe pthread_cond_wait(condition, mutex)
                continue
            }
            var limit = timespec()
            limit.tv_sec = Int(clamping: time / 1_000_000_000)
            limit.tv_nsec = Int(time % 1_000_000_000)
            // Any error but a wake-up ends the wait: whoever waits looks at the clock anyway.
            if unsafe pthread_cond_timedwait(condition, mutex, &limit) != 0 { return }
        }
    }
}
