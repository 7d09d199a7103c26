// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
@_spi(Backend) import VitrineHypervisor

@Suite("GuestClock and HostInstant")
struct GuestClockTests {
    @Test("turns ticks into nanoseconds on both sides of the anchor")
    func conversion() {
        let clock = GuestClock(anchorTicks: 1_000_000, anchorNanoseconds: 5_000_000, ticksPerSecond: 2_000_000_000)
        #expect(clock.nanoseconds(ofTicks: 1_000_000) == 5_000_000)
        #expect(clock.nanoseconds(ofTicks: 1_002_000) == 5_001_000)
        #expect(clock.nanoseconds(ofTicks: 998_000) == 4_999_000)
    }

    @Test("is exact to a nanosecond over a second, for odd rates")
    func precision() {
        for rate: UInt64 in [999_999_937, 2_445_404_000, 3_912_345_678, 100_000_007] {
            let clock = GuestClock(anchorTicks: 0, anchorNanoseconds: 1_000_000_000_000, ticksPerSecond: rate)
            let error = Int64(clock.nanoseconds(ofTicks: rate)) - 1_001_000_000_000
            #expect(abs(error) <= 1)
        }
    }

    @Test("answers any ticks without a trap, held in range")
    func hostileTicks() {
        let clock = GuestClock(anchorTicks: 1 << 40, anchorNanoseconds: 1 << 40, ticksPerSecond: 1)
        for ticks: UInt64 in [0, 1, 1 << 63, (1 << 63) + (1 << 40), .max, .max - 1] {
            _ = clock.nanoseconds(ofTicks: ticks)
        }
        #expect(clock.nanoseconds(ofTicks: (1 << 63) - 1) == .max)
        #expect(clock.nanoseconds(ofTicks: 0) == 0)
        let zeroRate = GuestClock(anchorTicks: 0, anchorNanoseconds: 0, ticksPerSecond: 0)
        #expect(zeroRate.nanoseconds(ofTicks: 2) == 2_000_000_000)
    }

    @Test("wraps with a counter that wraps")
    func wrapping() {
        let clock = GuestClock(anchorTicks: .max - 9, anchorNanoseconds: 1000, ticksPerSecond: 1_000_000_000)
        #expect(clock.nanoseconds(ofTicks: 10) == 1020)
    }

    @Test("places the host's own counter at the host's own time")
    func ownTime() {
        HostTicks.begin()
        // The rate is known the better the longer ago the beginning is, and a time slice of others makes the distance long.
        let isAtOwnTime = (0..<1_000).contains { _ in
            let clock = GuestClock(guestMinusHostTicks: 0, statedTicksPerSecond: nil)
            let before = HostInstant.now.nanoseconds
            let time = clock.nanoseconds(ofTicks: HostTicks.ticks)
            let after = HostInstant.now.nanoseconds
            return time + 20_000 >= before && time <= after + 20_000
        }
        #expect(isAtOwnTime)
    }

    @Test("calibrates the rate in any window, however absurd")
    func rates() {
        HostTicks.begin()
        for ticks: UInt64 in [0, 1, 1 << 40, .max] {
            for nanoseconds: UInt64 in [0, 1, 1 << 50, .max] {
                let end = HostTicks(ticks: ticks, nanoseconds: nanoseconds)
                for stated: UInt64? in [nil, 0, 1, 2_445_404_000, .max] {
                    _ = HostTicks.nanosecondsPerTick(at: end, statedTicksPerSecond: stated)
                }
            }
        }
    }

    @Test("adds durations to instants and holds them in range")
    func instants() {
        let instant = HostInstant(nanoseconds: 5_000_000_000)
        #expect(instant.advanced(by: .milliseconds(1)).nanoseconds == 5_001_000_000)
        #expect(instant.advanced(by: .milliseconds(-1)).nanoseconds == 4_999_000_000)
        #expect(instant.advanced(by: .seconds(-6)).nanoseconds == 0)
        #expect(instant.advanced(by: .seconds(Int64.max)).nanoseconds == .max)
        #expect(instant.advanced(by: .seconds(Int64.min)).nanoseconds == 0)
        #expect(instant.duration(to: instant.advanced(by: .seconds(2))) == .seconds(2))
        #expect(instant.advanced(by: .seconds(2)).duration(to: instant) == .seconds(-2))
        #expect(HostInstant.now <= HostInstant.now)
    }
}
