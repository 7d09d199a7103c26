// SPDX-License-Identifier: MIT OR Apache-2.0

import Testing
import Vitrine

@Suite("Deadlines")
struct DeadlineTests {
    @Test("A spinning guest is stopped at its deadline", arguments: Places.all)
    func spin(_ place: Place) throws {
        let sandbox = try place.sandbox()
        let start = ContinuousClock.now
        let error = expectStopped(sandbox, after: .milliseconds(30))
        #expect(ContinuousClock.now - start >= .milliseconds(30))
        #expect(error?.message.contains("30 ms") == true)
        expectWorks(try place.sandbox())
    }

    @Test("The builder's deadline counts where the call names none", arguments: Places.each)
    func defaultDeadline(_ place: Place) throws {
        let sandbox = try place.sandbox { $0.limits.deadline = .milliseconds(20) }
        expectFailure(.deadlineExceeded) { try sandbox.call("spin") }
    }

    @Test("A call that is in time is not disturbed, nor is the next", arguments: Places.all)
    func inTime(_ place: Place) throws {
        let sandbox = try place.sandbox()
        for _ in 0..<50 {
            let sum: Int64 = try sandbox.call("add", Int64(1), Int64(2), deadline: .seconds(900))
            #expect(sum == 3)
            expectWorks(sandbox)
        }
    }

    @Test(
        "A deadline of nothing ends the call before the guest runs, and harms nothing", arguments: Places.all, [0, -5])
    func alreadyOver(_ place: Place, _ milliseconds: Int) throws {
        let sandbox = try place.sandbox()
        for _ in 0..<3 {
            let error = expectFailure(.deadlineExceeded) {
                let _: Int64 = try sandbox.call("add", Int64(1), Int64(2), deadline: .milliseconds(milliseconds))
            }
            #expect(error?.advice.contains("poisoned") == false)
            #expect(sandbox.status == .ready)
        }
        // The requests that were written and not read leave no trace.
        let text: String = try sandbox.call("concat", "a", "b")
        #expect(text == "ab")
        expectWorks(sandbox)
    }

    @Test("Durations beyond any clock mean no deadline", arguments: Places.each)
    func enormous(_ place: Place) throws {
        let sandbox = try place.sandbox()
        let sum: Int64 = try sandbox.call("add", Int64(1), Int64(2), deadline: .seconds(Int64.max))
        #expect(sum == 3)
    }
}
