// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing

@testable import VitrineKVM

@Suite("GuestTicksReading")
struct GuestTicksReadingTests {
    @Test("is of one counter where that is possible, and right to half its time where it is not")
    func offset() {
        #expect(GuestTicksReading(before: 100, guest: 104, after: 110).guestMinusHostTicks == 0)
        #expect(GuestTicksReading(before: 100, guest: 1_105, after: 110).guestMinusHostTicks == 1_000)
        // A guest whose counter began at zero is behind.
        #expect(GuestTicksReading(before: 1_000, guest: 5, after: 1_010).guestMinusHostTicks == 0 &- 1_000)
        #expect(GuestTicksReading(before: .max, guest: 1_000, after: 9).guestMinusHostTicks == 1_000 &- 4)
    }

    @Test("that was interrupted gives way to one that was not, whichever came first")
    func interrupted() {
        let good = GuestTicksReading(before: 100, guest: 1_105, after: 110)
        // Behind the guest's counter the thread lost the processor for a while, or before it.
        for bad in [
            GuestTicksReading(before: 200, guest: 1_205, after: 9_000_000),
            GuestTicksReading(before: 200, guest: 9_001_000, after: 9_000_010),
        ] {
            #expect(bad.guestMinusHostTicks != 1_000)
            #expect(GuestTicksReading.tighter(good, bad).guestMinusHostTicks == 1_000)
            #expect(GuestTicksReading.tighter(bad, good).guestMinusHostTicks == 1_000)
        }
    }
}
