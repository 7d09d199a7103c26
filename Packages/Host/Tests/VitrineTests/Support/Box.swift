// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Synchronization

/// A value that several threads share; nil until one is put in.
final class Box<Value: Sendable>: Sendable {
    private let storage = Mutex<Value?>(nil)

    var value: Value? {
        get { storage.withLock { $0 } }
        set { storage.withLock { $0 = newValue } }
    }
}

/// Blocks the thread, as a slow host function does.
func usleepMilliseconds(_ milliseconds: UInt32) {
    usleep(1_000 * milliseconds)
}
