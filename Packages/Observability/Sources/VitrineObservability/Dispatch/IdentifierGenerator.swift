// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Synchronization

/// The generator behind random identifiers: Lehmer's, of 128 bits, whose upper half is the number (Lemire, 2019). One per
/// thread; two multiplications a number.
///
/// 127 random bits of state from the kernel make it vain to expect two threads or processes to meet. A child made by
/// `fork` starts with a copy of its parent's state, so it seeds again before the next number.
struct IdentifierGenerator {
    private var state: UInt128
    private var generation: UInt32

    init() {
        ForkGeneration.watch()
        generation = ForkGeneration.current
        state = Self.seed()
    }

    /// The next 64 bits.
    @inline(__always)
    mutating func next() -> UInt64 {
        if generation != ForkGeneration.current { seedAgain() }
        state &*= 0xDA94_2042_E4DD_58B5
        return UInt64(truncatingIfNeeded: state >> 64)
    }

    @inline(never)
    private mutating func seedAgain() {
        self = IdentifierGenerator()
    }

    /// The next 64 bits that are not all zero.
    @inline(__always)
    mutating func nextNonzero() -> UInt64 {
        while true {
            let value = next()
            if value != 0 { return value }
        }
    }

    private static func seed() -> UInt128 {
        // Two `getrandom` calls, about 0.4 µs each, once per thread. An even state would lose bits with each step.
        var system = SystemRandomNumberGenerator()
        let high: UInt64 = system.next()
        let low: UInt64 = system.next()
        return UInt128(high) << 64 | UInt128(low | 1)
    }
}

/// Counts the forks between this process and the one that started the program.
enum ForkGeneration {
    private static let count = Atomic<UInt32>(0)
    private static let isHooked: Bool = {
        // The handler is a function without captures that adds to an atomic, which is allowed after a fork.
        pthread_atfork(nil, nil, { ForkGeneration.count.wrappingAdd(1, ordering: .relaxed) }) == 0
    }()

    /// Starts counting; to be called before the first generation is remembered.
    static func watch() {
        _ = isHooked
    }

    /// Equal in two places if no fork lies between them.
    static var current: UInt32 { count.load(ordering: .relaxed) }
}
