// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Synchronization

/// The generator behind random identifiers: xoshiro256++ (Blackman and Vigna, 2018), one per thread.
///
/// 256 bits of state from the kernel make it vain to expect two threads or processes to meet. A child made by
/// `fork` starts with a copy of its parent's state, so it seeds again before the next number.
struct IdentifierGenerator {
    private var state: (UInt64, UInt64, UInt64, UInt64)
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
        let sum = state.0 &+ state.3
        let result = (sum << 23 | sum >> 41) &+ state.0
        let carried = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= carried
        state.3 = state.3 << 45 | state.3 >> 19
        return result
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

    private static func seed() -> (UInt64, UInt64, UInt64, UInt64) {
        // Four `getrandom` calls, about 0.4 µs each, once per thread.
        var system = SystemRandomNumberGenerator()
        while true {
            let seed = (system.next(), system.next(), system.next(), system.next()) as (UInt64, UInt64, UInt64, UInt64)
            // All zeros is the one state the generator never leaves.
            if seed != (0, 0, 0, 0) { return seed }
        }
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
