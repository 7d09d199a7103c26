// SPDX-License-Identifier: MIT OR Apache-2.0

import CKVMFloor

/// Measures with the host's monotonic clock, read in C: Swift's `Duration` arithmetic costs as much as the smallest
/// figure's difference.
enum Stopwatch {
    /// Nanoseconds of `CLOCK_MONOTONIC`.
    static var now: UInt64 { kvm_floor_now() }

    /// The nanoseconds that `body` takes.
    static func measure(_ body: () throws -> Void) rethrows -> UInt64 {
        let start = kvm_floor_now()
        try body()
        return kvm_floor_now() - start
    }
}
