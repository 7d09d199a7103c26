// SPDX-License-Identifier: MIT OR Apache-2.0

import Glibc
import Testing
import VitrineHypervisor

@testable import Vitrine

@Suite("Cancellation")
struct CancellationTests {
    @Test("Another thread stops a spinning guest", arguments: Places.all)
    func during(_ place: Place) throws {
        let sandbox = try place.sandbox()
        // Once and again, as long as it comes before the guest has begun.
        for _ in 0..<100 where sandbox.status == .ready {
            TestThread.start {
                while !sandbox.cancel() { usleepMilliseconds(1) }
            }
            expectFailure(.cancelled) { try sandbox.call("spin") }
        }
        #expect(sandbox.status == .poisoned)
        expectFailure(.poisoned) { try sandbox.call("echo_void") }
        expectWorks(try place.sandbox())
    }

    @Test("Before and after a call there is nothing to cancel, and nothing is disturbed", arguments: Places.all)
    func beforeAndAfter(_ place: Place) throws {
        let sandbox = try place.sandbox()
        for _ in 0..<20 {
            #expect(!sandbox.cancel())
            expectWorks(sandbox)
            #expect(!sandbox.cancel())
        }
        #expect(sandbox.status == .ready)
    }

    @Test("A cancellation that comes before the guest has begun to run harms nothing", arguments: Places.all)
    func beforeTheGuestRuns(_ place: Place) throws {
        let sandbox = try place.sandbox()
        for _ in 0..<3 {
            // What `cancel()` does to a call that is in, at the one moment that another thread hits by chance only.
            sandbox.interruptHandle.cancel()
            let error = expectFailure(.cancelled) { try sandbox.call("spin") }
            #expect(error?.advice.contains("poisoned") == false)
            #expect(sandbox.status == .ready)
            expectWorks(sandbox)
        }
    }

    @Test("A cancellation inside a host function ends the call when it returns", arguments: Places.all)
    func insideHostFunction(_ place: Place) throws {
        let slot = Box<Sandbox>()
        let sandbox = try place.sandbox { builder in
            builder.hostFunction("cancel") { (number: Int64) -> Int64 in
                slot.value.map { #expect($0.cancel()) }
                return number
            }
        }
        slot.value = sandbox
        defer { slot.value = nil }
        expectFailure(.cancelled) { let _: Int64 = try sandbox.call("call_host", "cancel", Int64(1)) }
        #expect(sandbox.status == .poisoned)
    }

    @Test("Cancelling one sandbox does not touch another on the same or another thread", arguments: Places.each)
    func others(_ place: Place) async throws {
        let spinning = try place.sandbox()
        let working = try place.sandbox()
        let end = Task { () -> SandboxError.Code? in
            do throws(SandboxError) {
                try await spinning.callAsync("spin")
                return nil
            } catch {
                return error.code
            }
        }
        // On a thread of its own: each `await` would queue behind all tests that wait for a thread of the pool.
        try await TestThread.run {
            for _ in 0..<200 { expectWorks(working) }
            // One that has ended by itself, as its deadline is over, is not to be waited for.
            while spinning.status == .ready, !spinning.cancel() { usleepMilliseconds(1) }
        }
        #expect(await end.value == .cancelled)
        // The thread that ran the cancelled call is the first to be given another.
        let sum: Int64 = try await working.callAsync("add", Int64(1), Int64(2))
        #expect(sum == 3)
        expectWorks(working)
    }

    @Test("A storm of cancellations ends calls or misses them, and never a later call", arguments: Places.each)
    func storm(_ place: Place) async throws {
        // On a thread of its own, for it takes seconds on a busy machine and others wait for this one.
        let cancelled = try await TestThread.run {
            let sandbox = Box<Sandbox>()
            let stop = Box<Bool>()
            TestThread.start {
                while stop.value == nil {
                    _ = sandbox.value?.cancel()
                    usleep(300)
                }
            }
            defer { stop.value = true }
            var cancelled = 0
            let usual = place.isFast ? 200 : 30
            // More on a machine that lets the two threads run by turns.
            for round in 0..<(100 * usual) where round < usual || cancelled == 0 {
                let fresh = try place.sandbox()
                sandbox.value = fresh
                do throws(SandboxError) {
                    for _ in 0..<20 { let _: Int64 = try fresh.call("add", Int64(1), Int64(2)) }
                } catch {
                    #expect(error.code == .cancelled, "\(error)")
                    cancelled += 1
                }
                sandbox.value = nil
                #expect((fresh.status == .poisoned) == (expectOutcome(fresh) == .poisoned))
            }
            return cancelled
        }
        #expect(cancelled > 0)
    }

    /// What a call after the storm finds: the code of its error, or nil.
    private func expectOutcome(_ sandbox: Sandbox) -> SandboxError.Code? {
        do throws(SandboxError) {
            let sum: Int64 = try sandbox.call("add", Int64(1), Int64(2))
            #expect(sum == 3)
            return nil
        } catch {
            return error.code
        }
    }
}
