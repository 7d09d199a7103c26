// SPDX-License-Identifier: MIT OR Apache-2.0

import VitrineGuest

// SAFETY: a guest has one thread.
/// Arrays that are never given back.
nonisolated(unsafe) private var leaked: [[UInt8]] = []

/// The heap.
func registerHeap() {
    // Allocates `bytes` bytes `count` times and frees each; returns the bytes allocated in all.
    GuestFunction.register("allocate") { (count: Int32, bytes: Int32) -> Int64 in
        var total: Int64 = 0
        for index in 0..<max(count, 0) {
            total &+= Int64(makeArray(byteCount: Int(bytes), UInt8(truncatingIfNeeded: index)).count)
        }
        return total
    }

    // Allocates and forgets.
    GuestFunction.register("leak") { (bytes: Int64) in
        // SAFETY: a guest has one thread.
        unsafe leaked.append(makeArray(byteCount: Int(bytes), 0))
    }

    // Allocates until the runtime gives up.
    GuestFunction.register("out_of_memory") {
        while true {
            // SAFETY: a guest has one thread.
            unsafe leaked.append(makeArray(byteCount: 64 << 10, 0))
        }
    }
}

@inline(never)
private func makeArray(byteCount: Int, _ byte: UInt8) -> [UInt8] {
    [UInt8](repeating: byte, count: max(byteCount, 0))
}
