// SPDX-License-Identifier: MIT OR Apache-2.0

import Dispatch
import Synchronization

/// A thread that stops something a moment later, and tells when it did.
final class Stopper: Sendable {
    private let stopTime = Atomic<UInt64>(0)
    private let queue = DispatchQueue(label: "vitrine-bench.stopper")

    /// Runs `work`, which blocks until it is stopped, and `stop` on another thread a third of a millisecond later, again
    /// and again until it finds something to stop. Returns the nanoseconds from the stop to the end of the work.
    func measure(stop: @escaping @Sendable () -> Bool, work: () throws -> Void) rethrows -> UInt64 {
        stopTime.store(0, ordering: .relaxed)
        let done = DispatchSemaphore(value: 0)
        queue.async { [self] in
            // Spins instead of sleeping: waking up from a sleep is no part of stopping a guest.
            let start = Stopwatch.now
            while Stopwatch.now - start < 333_000 {}
            var attempts = 0
            while attempts < 10_000 {
                let time = Stopwatch.now
                if stop() {
                    stopTime.store(time, ordering: .releasing)
                    break
                }
                attempts += 1
                let pause = Stopwatch.now
                while Stopwatch.now - pause < 100_000 {}
            }
            done.signal()
        }
        try work()
        let end = Stopwatch.now
        done.wait()
        let time = stopTime.load(ordering: .acquiring)
        return end > time ? end - time : 0
    }
}
