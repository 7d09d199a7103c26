// SPDX-License-Identifier: MIT OR Apache-2.0

internal import Glibc
internal import Synchronization

/// How often `fork` led to this process since it was first asked for: tells a child that what it inherited is its parent's,
/// where a system call for the process's number would cost more than what it guards.
package enum ForkCount {
    private static let count = Atomic<Int>(0)
    private static let isWatched = pthread_atfork(nil, nil, { ForkCount.count.wrappingAdd(1, ordering: .relaxed) }) == 0

    package static var current: Int {
        // Without memory for the handler, which the C library allocates, a child takes itself for its parent.
        _ = isWatched
        return count.load(ordering: .relaxed)
    }
}
