// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Testing

@testable import VitrineObservability

@Suite("Timestamp")
struct TimestampTests {
    @Test("never runs backwards")
    func order() {
        var last = Timestamp.now
        for _ in 0..<10_000 {
            let next = Timestamp.now
            #expect(next >= last)
            last = next
        }
    }

    @Test("agrees with the wall clock within a second")
    func wallClock() {
        let before = time(nil)
        let now = Timestamp.now.nanosecondsSinceEpoch
        let after = time(nil)
        #expect(now >= UInt64(before - 1) * 1_000_000_000)
        #expect(now <= UInt64(after + 2) * 1_000_000_000)
    }

    @Test("keeps the distances of the monotonic clock")
    func conversion() {
        let now = MonotonicInstant.now
        let later = MonotonicInstant(nanoseconds: now.nanoseconds + 12_345)
        #expect(Timestamp(later).nanoseconds(since: Timestamp(now)) == 12_345)
        #expect(Timestamp(now).nanoseconds(since: Timestamp(later)) == 0)
    }

    @Test("is total for every instant")
    func extremes() {
        #expect(Timestamp(MonotonicInstant(nanoseconds: 0)) < .now)
        _ = Timestamp(MonotonicInstant(nanoseconds: .max))
    }
}
